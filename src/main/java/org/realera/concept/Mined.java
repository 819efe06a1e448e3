package org.realera.concept;

import ai.djl.ndarray.NDArray;

/**
 * Neighbors of a concept and where each is to go.
 *
 * @param sources e + eta, [M, L, d] fp32
 * @param targets e* + eta', [M, L, d] fp32
 */
public record Mined(NDArray sources, NDArray targets) implements AutoCloseable {
  @Override
  public void close() {
    sources.close();
    targets.close();
  }
}
