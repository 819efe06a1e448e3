package org.realera.cli;

import org.jspecify.annotations.Nullable;
import org.realera.config.Limits;
import picocli.CommandLine.Option;

/** {@code --steps} of commands that draw a suite's images. */
final class StepsOption {
  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Sampling steps. Default: the suite's.",
      order = 9)
  private @Nullable Integer steps;

  /**
   * Sampling steps, or null for the suite's.
   *
   * @throws org.realera.RealeraException (usage) below 1 or above {@link Limits#STEPS}
   */
  @Nullable Integer steps() {
    NumberCheck.upTo("--steps", steps, Limits.STEPS);
    return steps;
  }
}
