package org.realera.config;

import org.jspecify.annotations.Nullable;

/**
 * RealEra's settings.
 *
 * @param mining neighbor-concept mining
 * @param beyond beyond-concept regularization
 * @param closedForm the closed form of eq. 7
 * @param alignment prediction noise alignment
 */
public record RealEraSettings(
    MiningSettings mining,
    BeyondSettings beyond,
    ClosedFormSettings closedForm,
    AlignmentSettings alignment)
    implements MethodSettings {

  public RealEraSettings {
    if (beyond.d2() <= mining.d1()) {
      throw Check.bad(
          "beyond.d2", beyond.d2(), "must be greater than mining.d1, which is " + mining.d1());
    }
  }

  @Override
  public boolean hasPrior() {
    return true;
  }

  @Override
  public @Nullable String priorOff() {
    return closedForm.priorWeight() == 0 ? "closed_form.prior_weight is 0" : null;
  }

  @Override
  public @Nullable String preserveOff() {
    return closedForm.preserveWeight() == 0 ? "closed_form.preserve_weight is 0" : null;
  }
}
