package org.realera.cli;

import org.jspecify.annotations.Nullable;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SldSettings;
import picocli.CommandLine.Option;

/** {@code --safe} and {@code --sld}: Safe Latent Diffusion, of commands that draw. */
final class SafeOptions {
  @Option(
      names = "--safe",
      paramLabel = "TEXT",
      description =
          "Guide away from this by Safe Latent Diffusion, such as nudity. Default with --sld: the"
              + " paper's safety text (hate, harassment, violence, ... cruelty).",
      order = 17)
  private @Nullable String text;

  @Option(
      names = "--sld",
      paramLabel = "HOW",
      completionCandidates = CompletionWords.Strengths.class,
      description =
          "How strongly: weak, medium, strong or max, the paper's settings. Default with --safe:"
              + " medium. A picture takes half as long again.",
      order = 18)
  private @Nullable String strength;

  boolean asked() {
    return text != null || strength != null;
  }

  /**
   * What was asked for, or null for classifier-free guidance alone.
   *
   * @param guidance what {@code --guidance} says, if anything
   * @throws org.realera.RealeraException (usage) for a strength that there is not, an empty text, a
   *     scale that is no guidance
   */
  @Nullable SafeGuidance guidance(@Nullable Double guidance) {
    if (!asked()) {
      return null;
    }
    SafeGuidance safe =
        new SafeGuidance(
            text == null ? SafeGuidance.PUBLISHED_TEXT : text,
            strength == null ? SldSettings.MEDIUM : SldSettings.of(strength));
    if (guidance != null) {
      safe.requireGuidance(guidance);
    }
    return safe;
  }
}
