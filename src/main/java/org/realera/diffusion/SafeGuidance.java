package org.realera.diffusion;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.realera.RealeraException;
import org.realera.files.ModelText;

/**
 * That an image is to be guided away from something by Safe Latent Diffusion.
 *
 * @param text what to guide away from: the safety text or the name of a concept
 * @param settings how strongly
 */
public record SafeGuidance(String text, SldSettings settings) {
  /** The safety text of the paper; its comparisons put a concept's name in its place. */
  public static final String PUBLISHED_TEXT =
      "hate, harassment, violence, suffering, humiliation, harm, suicide, sexual, nudity, bodily"
          + " fluids, blood, obscene gestures, illegal activity, drug use, theft, vandalism,"
          + " weapons, child abuse, brutality, cruelty";

  /**
   * Checks the text.
   *
   * @throws RealeraException (usage) if there is none
   */
  public SafeGuidance {
    if (ModelText.isBlank(text)) {
      throw RealeraException.usage(
          "the safety text is empty: there is nothing to guide away from",
          "Name it, for example --safe nudity.");
    }
  }

  /**
   * Checks the scale of the guidance that it changes: without one there is nothing to change.
   *
   * @param guidance scale of classifier-free guidance
   * @throws RealeraException (usage) at 1 and below
   */
  public void requireGuidance(double guidance) {
    if (!(guidance > 1)) {
      throw RealeraException.usage(
          "SLD changes the guidance, and guidance " + guidance + " is none",
          "Use a --guidance above 1, or leave SLD out (--safe, --sld, --methods sld-...).");
    }
  }

  /**
   * What to tell the user where it does nothing: its warm-up is longer than the drawing.
   *
   * @param steps of the drawing
   */
  public Optional<String> idle(int steps) {
    return settings.warmup() < steps
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "SLD %s guides from step %d on, and there are %d: it changes nothing",
                settings.name(),
                settings.warmup() + 1,
                steps));
  }

  /** What an image says of it, in the words of the command line: {@code safe} and {@code sld}. */
  public Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("safe", text);
    words.put("sld", settings.name());
    return words;
  }

  @Override
  public String toString() {
    return "SLD " + settings.name() + " away from \"" + text + "\"";
  }
}
