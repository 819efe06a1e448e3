package org.realera.scorer.face;

import org.jspecify.annotations.Nullable;
import org.realera.files.ModelText;

/**
 * Whom the celebrity detector saw in an image.
 *
 * @param faces how many faces were found
 * @param name the most probable celebrity, or null without a face
 * @param probability of that celebrity, 0 to 1
 */
public record Sighting(int faces, @Nullable String name, double probability) {
  /** No face at all. */
  public static final Sighting FACELESS = new Sighting(0, null, 0);

  /** Whether it is that person, whatever the case of the name. */
  public boolean is(String person) {
    return name != null && ModelText.isSame(name, person);
  }
}
