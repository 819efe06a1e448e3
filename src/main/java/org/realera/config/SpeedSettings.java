package org.realera.config;

import org.jspecify.annotations.Nullable;

/**
 * SPEED's settings, by the names of its script.
 *
 * @param guide what concepts are moved to
 * @param params which projections are edited
 * @param allTokens whether every row but the start token's is moved, or the last content token's
 * @param augNum random neighbors of each retained row; 0: neither neighbors nor filter
 * @param disableFilter whether all texts are retained, not those alone that the edit would move
 * @param threshold singular values of what is retained under this one are free to change
 * @param retainScale rho
 * @param lamb lambda, how far the rows of the empty prompt may give way; 0: not at all
 * @param priorPrompts texts of the prior that are retained beside {@code preserve}
 */
public record SpeedSettings(
    Guide guide,
    Params params,
    boolean allTokens,
    int augNum,
    boolean disableFilter,
    double threshold,
    double retainScale,
    double lamb,
    int priorPrompts)
    implements MethodSettings {
  private static final int MOST_NEIGHBORS = 1000;

  public SpeedSettings {
    Check.between("aug_num", augNum, 0, MOST_NEIGHBORS);
    Check.positive("threshold", threshold);
    Check.positive("retain_scale", retainScale);
    Check.notNegative("lamb", lamb);
    Check.between("prior_prompts", priorPrompts, 0, Limits.PROMPTS);
  }

  @Override
  public boolean hasPrior() {
    return true;
  }

  @Override
  public @Nullable String priorOff() {
    return priorPrompts == 0 ? "prior_prompts is 0" : null;
  }

  @Override
  public boolean readsAnchors() {
    return guide == Guide.ANCHOR;
  }
}
