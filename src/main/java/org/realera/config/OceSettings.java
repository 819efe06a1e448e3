package org.realera.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OCE's settings.
 *
 * @param guide what concepts are turned to
 * @param eraseScale s_e, weight of the concepts' directions
 * @param priorScale s_g, weight of the mean Gram matrix of real text
 * @param preserveScale s_c, weight of each preserved concept
 * @param lamb lambda, holds all directions alike
 * @param expandPrompts templates that concept and guide go through beside standing alone
 * @param priorPrompts texts that the Gram matrix is made of
 */
public record OceSettings(
    Guide guide,
    double eraseScale,
    double priorScale,
    double preserveScale,
    double lamb,
    List<String> expandPrompts,
    int priorPrompts)
    implements MethodSettings {

  public OceSettings {
    Check.notNegative("erase_scale", eraseScale);
    Check.notNegative("prior_scale", priorScale);
    Check.notNegative("preserve_scale", preserveScale);
    Check.notNegative("lamb", lamb);
    expandPrompts = Check.templates("expand_prompts", expandPrompts);
    Check.upTo("prior_prompts", priorPrompts, Limits.PROMPTS);
  }

  @Override
  public boolean hasPrior() {
    return true;
  }

  @Override
  public @Nullable String priorOff() {
    return priorScale == 0 ? "prior_scale is 0" : null;
  }

  @Override
  public @Nullable String preserveOff() {
    return preserveScale == 0 ? "preserve_scale is 0" : null;
  }

  @Override
  public boolean readsAnchors() {
    return guide == Guide.ANCHOR;
  }
}
