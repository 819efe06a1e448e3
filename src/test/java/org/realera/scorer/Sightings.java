package org.realera.scorer;

import org.realera.scorer.face.Sighting;

/** Opens what the celebrity detector says, as scores, to tests of other packages. */
public final class Sightings {
  private Sightings() {}

  /** What is seen beside whom it should be. */
  public static Scorer.Scores scores(Sighting sighting, String subject) {
    return Scorers.sighting(sighting, subject);
  }
}
