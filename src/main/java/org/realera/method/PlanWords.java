package org.realera.method;

import java.util.Locale;

/** Numbers in the words of the plans. */
final class PlanWords {
  private PlanWords() {}

  static String count(long n, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", n, noun, n == 1 ? "" : "s");
  }

  /**
   * What a training costs.
   *
   * @param forward passes through the U-Net without gradients, one latent each
   * @param backward passes with gradients
   */
  static String cost(long forward, long backward) {
    return String.format(
        Locale.ROOT,
        "its cost: about %,d passes of a latent through the U-Net, and %,d with gradients",
        forward,
        backward);
  }
}
