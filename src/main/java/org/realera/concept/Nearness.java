package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;

/** How near a word lies to a concept where both fill the same template. */
public final class Nearness {
  private Nearness() {}

  /**
   * The cosine between the word's rows, from its first token on, and the first of e's as many, as
   * flat vectors.
   *
   * @param encoded embeddings of prompts, [n, 77, d] fp32, borrowed
   * @param index which of them is the word's
   * @param start position of the word's first token
   * @param e the concept's rows, [L, d] fp32, borrowed
   */
  public static double cosine(NDArray encoded, long index, int start, NDArray e) {
    try (NDManager scope = NDManager.newBaseManager(encoded.getDevice())) {
      long rows = Math.min(e.getShape().get(0), encoded.getShape().get(1) - start);
      NDArray word = encoded.get(scope, new NDIndex("{},{}:{}", index, start, start + rows));
      NDArray concept = e.get(scope, new NDIndex("0:{}", rows));
      double dot = word.mul(concept).sum().getFloat();
      double norms = (double) word.norm().getFloat() * concept.norm().getFloat();
      return dot / norms;
    }
  }
}
