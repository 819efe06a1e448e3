package org.realera.cli;

import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/** Checks of numbers that options are given. */
final class Numbers {
  private Numbers() {}

  /**
   * @param value what the option was given, or null for nothing
   * @throws RealeraException (usage) that names the option, unless it is 1 or more
   */
  static void atLeastOne(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw RealeraException.usage(option + " is " + value, "Take a whole number of 1 or more.");
    }
  }
}
