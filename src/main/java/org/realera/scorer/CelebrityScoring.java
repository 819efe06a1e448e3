package org.realera.scorer;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.realera.diffusion.Image;
import org.realera.scorer.face.CelebrityDetector;
import org.realera.scorer.face.CelebrityTally;
import org.realera.scorer.face.Sighting;

/** Whom the celebrity detector sees, picture by picture and in all. */
record CelebrityScoring(CelebrityDetector detector, String person, List<Sighting> sightings)
    implements PictureScorer {
  @Override
  public List<String> columns() {
    return List.of("faces", "celebrity", "probability", "right");
  }

  @Override
  public List<String> score(Path file, Image picture) {
    Sighting sighting = detector.look(picture);
    sightings.add(sighting);
    String name = sighting.name();
    return List.of(
        String.valueOf(sighting.faces()),
        name == null ? "" : name,
        name == null ? "" : String.valueOf((float) sighting.probability()),
        name == null ? "" : sighting.is(person) ? "1" : "0");
  }

  @Override
  public Map<String, Object> totals() {
    CelebrityTally tally = CelebrityTally.of(sightings, person);
    OptionalDouble accuracy = tally.accuracy();
    Map<String, Object> totals = new LinkedHashMap<>();
    totals.put("person", person);
    totals.put(
        "accuracy", accuracy.isPresent() ? accuracy.getAsDouble() : "no face in any picture");
    totals.put("right", tally.right());
    totals.put("faceless", tally.faceless());
    return totals;
  }

  @Override
  public void close() {
    detector.close();
  }
}
