package org.realera.attack;

import java.util.Locale;

/** What there is to say of a step. */
final class Notes {
  private Notes() {}

  static String loss(double loss) {
    return String.format(Locale.ROOT, "loss %.2e", loss);
  }
}
