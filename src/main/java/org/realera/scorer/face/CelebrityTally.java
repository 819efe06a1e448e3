package org.realera.scorer.face;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How often the celebrity detector saw the right person in a set of pictures.
 *
 * @param pictures how many were looked at
 * @param faceless how many of them have no face; they count neither for nor against
 * @param right in how many of the others the most probable celebrity is the one in question
 */
public record CelebrityTally(int pictures, int faceless, int right) {

  /** Counts pictures of {@code person}. */
  public static CelebrityTally of(List<Sighting> pictures, String person) {
    int faceless = 0;
    int right = 0;
    for (Sighting sighting : pictures) {
      faceless += sighting.faces() == 0 ? 1 : 0;
      right += sighting.is(person) ? 1 : 0;
    }
    return new CelebrityTally(pictures.size(), faceless, right);
  }

  /** Top-1 accuracy in percent among the pictures with a face; empty if there is none. */
  public OptionalDouble accuracy() {
    int faces = pictures - faceless;
    return faces == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * right / faces);
  }
}
