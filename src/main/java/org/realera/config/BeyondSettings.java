package org.realera.config;

/**
 * Beyond-concept regularization (Algorithm 1 lines 13-22): points farther from e than D1 and of a
 * cosine below S2 stay where they are.
 *
 * @param enabled false: nothing beyond the concept is held (variant 3)
 * @param samples N, points kept per concept and template
 * @param d2 D2, points lie nearer to e than this; a fraction of the mean norm of the rows of e,
 *     greater than D1
 */
public record BeyondSettings(boolean enabled, int samples, double d2) {

  public BeyondSettings {
    Check.samples("beyond.samples", samples);
    Check.positive("beyond.d2", d2);
  }
}
