package org.realera.cli;

import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/** Checks of numbers that options are given. */
final class NumberCheck {
  private NumberCheck() {}

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

  /**
   * @param value what {@code --guidance} was given, or null for nothing
   * @throws RealeraException (usage) unless it is from 0 to 100
   */
  static void guidance(@Nullable Double value) {
    if (value != null && !isGuidance(value)) {
      throw RealeraException.usage(
          "--guidance is " + value, "Take a number from 0 to 100; 7.5 is usual.");
    }
  }

  /** Whether a number can be a guidance scale. */
  static boolean isGuidance(double value) {
    return value >= 0 && value <= 100;
  }
}
