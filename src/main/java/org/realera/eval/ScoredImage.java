package org.realera.eval;

import java.util.List;

/**
 * One image and what the scorer said of it: a row of {@code images.csv}.
 *
 * @param set the prompt it was drawn from
 * @param seed its seed
 * @param file its path below the run folder, with slashes
 * @param sha256 digest of the PNG file
 * @param scores 100 x cosine with each label, in the labels' order
 */
public record ScoredImage(ImageSet set, long seed, String file, String sha256, List<Float> scores) {
  public ScoredImage {
    scores = List.copyOf(scores);
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
