package org.realera.config;

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
}
