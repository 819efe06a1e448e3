package org.realera.concept;

import org.realera.text.ConceptSpan;

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
   * @return for each of the L rows from {@code concept.start()} on the row of E(p(c*)) that takes
   *     its place
   */
  public static int[] anchorRows(ConceptSpan concept, ConceptSpan anchor, int sequenceLength) {
    int n = concept.length();
    int m = anchor.length();
    int tail = sequenceLength - Math.max(concept.end(), anchor.end());
    int[] rows = new int[n + tail];
    for (int k = 0; k < n; k++) {
      rows[k] = anchor.start() + (k == n - 1 ? m - 1 : Math.min(k, m - 1));
    }
    for (int j = 0; j < tail; j++) {
      rows[n + j] = anchor.end() + j;
    }
    return rows;
  }
}
