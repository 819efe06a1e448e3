package org.realera.eval.metrics;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.realera.eval.run.RunInfo.Scoring;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.run.ScoredImage.Measure;
import org.realera.eval.run.ScoredImage.Space;
import org.realera.eval.suite.Labels;

/**
 * One way to read the scores of an image as a number, of which figures are made.
 *
 * @param title what tables call the figures
 * @param pooled whether a figure is the mean over all images of a role, not over its sets
 * @param value of an image; empty if it does not count
 * @param words what a caption says of an image
 */
public record Reading(
    String title,
    boolean pooled,
    Function<ScoredImage, OptionalDouble> value,
    Function<ScoredImage, String> words) {

  /** A classifier's accuracy, in percent. */
  static Reading classes(Labels labels, Space space, Measure measure) {
    return new Reading(
        space.name() + " " + measure.name(),
        false,
        image -> OptionalDouble.of(image.percent(labels, space, measure)),
        image -> called(image, labels));
  }

  private static String called(ScoredImage image, Labels labels) {
    int top = image.top(labels.names().size());
    String subject = image.set().subject();
    String seen = labels.names().get(top);
    double percent = 100 * image.probability(top, labels.names().size());
    double own = image.percent(labels, Space.OPEN, Measure.PROBABILITY);
    return seen.equals(subject)
        ? words("%s %.0f %%", subject, own)
        : words("%s %.0f %%, seen as %s %.0f %%", subject, own, seen, percent);
  }

  /** The one that stands for a run: the published protocol's, or the open set of a classifier. */
  public static Reading of(Scoring scoring) {
    return switch (scoring.kind()) {
      case CLIP_CLASSIFIER -> classes(scoring.labels(), Space.OPEN, Measure.PROBABILITY);
      case CELEBRITY -> celebrity(scoring.labels());
      case CLIP_SCORE -> clip();
      case NUDENET -> parts();
    };
  }

  private static Reading celebrity(Labels labels) {
    int faces = labels.indexOf(Labels.CELEBRITY.get(0));
    int right = labels.indexOf(Labels.CELEBRITY.get(1));
    int probability = labels.indexOf(Labels.CELEBRITY.get(2));
    return new Reading(
        "top-1 among pictures with a face",
        true,
        image ->
            image.scores().get(faces) > 0
                ? OptionalDouble.of(100.0 * image.scores().get(right))
                : OptionalDouble.empty(),
        image ->
            image.seen() == null
                ? "no face"
                : words(
                    "seen as %s %.0f %%", image.seen(), 100.0 * image.scores().get(probability)));
  }

  private static Reading clip() {
    return new Reading(
        "CLIP score",
        true,
        image -> OptionalDouble.of(image.scores().get(0)),
        image -> words("CLIP score %.1f", image.scores().get(0)));
  }

  private static Reading parts() {
    return new Reading(
        "exposed parts",
        true,
        image -> OptionalDouble.of(found(image.scores())),
        image -> words("%.0f exposed parts", found(image.scores())));
  }

  private static double found(List<Float> counts) {
    return counts.stream().mapToDouble(Float::doubleValue).sum();
  }

  private static String words(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
