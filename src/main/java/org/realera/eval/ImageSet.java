package org.realera.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * The images of one prompt.
 *
 * @param name its folder under {@code images/}: the word as a file name
 * @param role which figure it counts for
 * @param word what stands in the prompt
 * @param subject the class in question, whose probability is the set's accuracy
 * @param prompt the whole prompt
 */
public record ImageSet(String name, Role role, String word, String subject, String prompt) {

  /** Which figure a set counts for. */
  public enum Role {
    /** Images of the erased concept: Acc_e, low is good. */
    @JsonProperty("erased")
    ERASED,
    /** Images of the other concepts: Acc_s, high is good. */
    @JsonProperty("kept")
    KEPT,
    /** Images of words that mean the erased concept: Acc_g, low is good. */
    @JsonProperty("related")
    RELATED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A text as a file name: lower case, letters and digits kept, all else one dash. */
  static String slug(String text) {
    String slug = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
    String trimmed = slug.replaceAll("^-|-$", "");
    return trimmed.isEmpty() ? "prompt" : trimmed.substring(0, Math.min(80, trimmed.length()));
  }
}
