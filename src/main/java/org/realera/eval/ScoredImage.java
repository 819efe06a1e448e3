package org.realera.eval;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
  public ScoredImage {
    scores = List.copyOf(scores);
  }

  /** An image of a set's one prompt, scored by a classifier. */
  ScoredImage(ImageSet set, long seed, String file, String sha256, List<Float> scores) {
    this(set, set.prompt(), seed, file, sha256, scores, null);
  }

  /** Softmax probability of label {@code index} among the first {@code count} labels, 0 to 1. */
  double probability(int index, int count) {
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
  int top(int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (scores.get(i) > scores.get(best)) {
        best = i;
      }
    }
    return best;
  }
}
