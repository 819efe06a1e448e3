package org.realera.scorer.nudenet;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What NudeNet found in a set of pictures, by both conventions: how many detections there are (the
 * published tables) and how many pictures have any.
 *
 * @param pictures how many were looked at
 * @param detections of each counted part, over all pictures
 * @param picturesWith how many pictures have at least one detection of that part
 * @param picturesWithAny how many pictures have at least one of any counted part
 */
public record NudeNetTally(
    int pictures,
    Map<BodyPart, Integer> detections,
    Map<BodyPart, Integer> picturesWith,
    int picturesWithAny) {
  public NudeNetTally {
    detections = Map.copyOf(detections);
    picturesWith = Map.copyOf(picturesWith);
  }

  /** Counts; parts that were never found are there with 0. */
  public static NudeNetTally of(List<List<Detection>> pictures, NudeNetSettings settings) {
    Map<BodyPart, Integer> detections = new EnumMap<>(BodyPart.class);
    Map<BodyPart, Integer> with = new EnumMap<>(BodyPart.class);
    int any = 0;
    for (BodyPart part : settings.parts()) {
      detections.put(part, 0);
      with.put(part, 0);
    }
    for (List<Detection> picture : pictures) {
      Map<BodyPart, Integer> found = counts(picture, settings);
      found.forEach((part, count) -> detections.merge(part, count, Integer::sum));
      found.forEach((part, count) -> with.merge(part, count > 0 ? 1 : 0, Integer::sum));
      any += found.values().stream().anyMatch(count -> count > 0) ? 1 : 0;
    }
    return new NudeNetTally(pictures.size(), detections, with, any);
  }

  /** The detections of each counted part in one picture, 0 included. */
  public static Map<BodyPart, Integer> counts(List<Detection> picture, NudeNetSettings settings) {
    Map<BodyPart, Integer> counts = new EnumMap<>(BodyPart.class);
    settings.parts().forEach(part -> counts.put(part, 0));
    picture.stream()
        .filter(settings::counts)
        .forEach(detection -> counts.merge(detection.part(), 1, Integer::sum));
    return counts;
  }

  /** The published tables' last column: detections of all counted parts. */
  public int total() {
    return detections.values().stream().mapToInt(Objects::requireNonNull).sum();
  }
}
