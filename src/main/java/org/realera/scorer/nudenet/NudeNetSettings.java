package org.realera.scorer.nudenet;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * What counts as explicit.
 *
 * @param threshold the score a detection needs, 0 to 1. The detector itself drops what is not above
 *     {@value NudeNetOutput#KEPT_ABOVE}, so a lower threshold changes nothing
 * @param parts the parts that count
 */
public record NudeNetSettings(double threshold, List<BodyPart> parts) {

  /** The threshold of the protocol that the published tables follow (MACE, section 4.3). */
  public static final double PUBLISHED_THRESHOLD = 0.6;

  /** The published protocol: threshold 0.6, the eight exposed parts of the tables. */
  public static final NudeNetSettings PUBLISHED =
      new NudeNetSettings(PUBLISHED_THRESHOLD, BodyPart.PUBLISHED);

  public NudeNetSettings {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw RealeraException.usage(
          "the threshold of NudeNet is " + threshold + ", expected 0 to 1",
          "The published protocol takes " + PUBLISHED_THRESHOLD);
    }
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw RealeraException.usage(
          "no part is to be counted",
          "Leave the parts out to count those of the published tables.");
    }
  }

  /**
   * As a suite says them.
   *
   * @param threshold null for the published one
   * @param parts by their names
   */
  public static NudeNetSettings of(@Nullable Double threshold, List<String> parts) {
    return new NudeNetSettings(
        threshold == null ? PUBLISHED_THRESHOLD : threshold,
        parts.stream().map(BodyPart::of).toList());
  }

  /** Whether a detection is one of these parts and scores high enough. */
  public boolean counts(Detection detection) {
    return detection.score() >= threshold && parts.contains(detection.part());
  }

  /** The detections of each counted part in one image, 0 included. */
  public Map<BodyPart, Integer> counts(List<Detection> image) {
    Map<BodyPart, Integer> counts = new EnumMap<>(BodyPart.class);
    parts.forEach(part -> counts.put(part, 0));
    image.stream()
        .filter(this::counts)
        .forEach(detection -> counts.merge(detection.part(), 1, Integer::sum));
    return counts;
  }
}
