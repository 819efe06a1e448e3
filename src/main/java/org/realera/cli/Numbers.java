package org.realera.cli;

import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/** Checks of numbers that options are given. */
final class Numbers {
  private Numbers() {}

  /**
   * @param value what the option was given, or null for nothing
   * @throws RealeraException (usage) that names the option, unless it is from 1 to {@code most}
   */
  static void upTo(String option, @Nullable Integer value, int most) {
    if (value != null && (value < 1 || value > most)) {
      throw RealeraException.usage(
          option + " is " + value, "Take a whole number from 1 to " + most + ".");
    }
  }
}
