package org.realera.diffusion;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/**
 * Images of one word, by the original and by the edited model from the same seeds.
 *
 * @param concept the erased concept that it is, or is near; of a word to keep, the first concept
 * @param before by the original
 * @param after by the edited model
 */
public record DrawnWord(
    Role role, String word, String concept, List<Image> before, List<Image> after) {

  /** What a word is drawn for. */
  public enum Role {
    ERASED,
    NEIGHBOR,
    KEPT;

    /** As reports and files write it. */
    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DrawnWord {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }
}
