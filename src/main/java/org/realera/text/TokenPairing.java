package org.realera.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Which row of the anchor's prompt each row of the concept's prompt goes to (the paper says only
 * "the erasure concept token and its subsequent tokens").
 */
public final class TokenPairing {
  private TokenPairing() {}

  /**
   * Pairs rows from the concept's first token on. Concept token k goes to anchor token min(k, m -
   * 1); the last one goes to the anchor's last, so that neither loses the word that sums it up. The
   * rows that follow (end token and padding too) are paired in order, trimmed to the shorter tail.
   *
   * @param concept n tokens in p(c)
   * @param anchor m tokens in p(c*)
   * @param sequenceLength rows of an embedding, 77
   * @return L pairs, whose concept rows are {@code concept.start()} and the L - 1 after it
   */
  public static List<RowPair> pair(ConceptSpan concept, ConceptSpan anchor, int sequenceLength) {
    int n = concept.length();
    int m = anchor.length();
    List<RowPair> pairs = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      int partner = k == n - 1 ? m - 1 : Math.min(k, m - 1);
      pairs.add(new RowPair(concept.start() + k, anchor.start() + partner));
    }
    int tail = sequenceLength - Math.max(concept.end(), anchor.end());
    for (int j = 0; j < tail; j++) {
      pairs.add(new RowPair(concept.end() + j, anchor.end() + j));
    }
    return pairs;
  }
}
