package org.realera.eval.check;

import java.util.List;
import org.realera.diffusion.Image;

/**
 * Pictures of a word from the same seeds.
 *
 * @param role {@code erased}, {@code neighbor} or {@code kept}
 * @param concept the erased concept that it is, or is near
 * @param before by the original model
 * @param after by the edited model
 */
public record Drawn(
    String role, String word, String concept, List<Image> before, List<Image> after) {
  static final String KEPT = "kept";

  public Drawn {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }
}
