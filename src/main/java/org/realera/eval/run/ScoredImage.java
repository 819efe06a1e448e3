package org.realera.eval.run;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.Labels;

/**
 * One image and what the scorer said of it: a row of {@code images.csv}.
 *
 * @param set what it belongs to
 * @param prompt what it was drawn from
 * @param seed its seed
 * @param file its path below the run folder, with slashes
 * @param sha256 digest of the PNG file
 * @param scores a number for each column of the run; of a classifier, 100 x cosine with each label
 * @param seen whom or what the scorer calls it, where that is no label
 */
public record ScoredImage(
    ImageSet set,
    String prompt,
    long seed,
    String file,
    String sha256,
    List<Float> scores,
    @Nullable String seen) {
  /** Over which labels the softmax goes. */
  public enum Space {
    /** The suite's classes: the published protocol. */
    CLOSED,
    /** The classes, the anchor and the scenes. */
    OPEN
  }

  /** What an image adds to its set's accuracy. */
  public enum Measure {
    /** The softmax probability of the class in question. */
    PROBABILITY,
    /** 1 if the class in question has the highest score, else 0. */
    TOP1
  }

  public ScoredImage {
    scores = List.copyOf(scores);
  }

  /**
   * What it adds to its set's accuracy, in percent.
   *
   * @param labels of the classifier that gave the scores
   */
  public double percent(Labels labels, Space space, Measure measure) {
    int count = space == Space.CLOSED ? labels.closed() : labels.names().size();
    int subject = labels.indexOf(set.subject());
    return switch (measure) {
      case PROBABILITY -> 100 * probability(subject, count);
      case TOP1 -> top(count) == subject ? 100 : 0;
    };
  }

  /** Softmax probability of label {@code index} among the first {@code count} labels, 0 to 1. */
  public double probability(int index, int count) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, scores.get(i));
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.exp(scores.get(i) - max);
    }
    return Math.exp(scores.get(index) - max) / sum;
  }

  /** The index of the best of the first {@code count} labels; the first of equals. */
  public int top(int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (scores.get(i) > scores.get(best)) {
        best = i;
      }
    }
    return best;
  }
}
