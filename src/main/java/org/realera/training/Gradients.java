package org.realera.training;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Loss and gradients of one step, added up from its parts: pieces of a batch, terms of a loss. A
 * penalty on the parameters themselves is added by changing {@link #values}.
 */
public final class Gradients {
  private final SortedMap<String, float[]> values = new TreeMap<>();
  private double loss;

  /**
   * Adds a part.
   *
   * @param partLoss its loss
   * @param gradients parameter name to gradient, fp32 on any device, borrowed
   */
  public void add(double partLoss, Map<String, NDArray> gradients) {
    loss += partLoss;
    gradients.forEach((name, slope) -> values.merge(name, slope.toFloatArray(), Gradients::sum));
  }

  /** Adds in place to the first. */
  private static float[] sum(float[] sum, float[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
    return sum;
  }

  /** Adds to the loss alone, for a term whose gradient is added to {@link #values}. */
  public void addLoss(double more) {
    loss += more;
  }

  public double loss() {
    return loss;
  }

  /** Parameter name to gradient; its own arrays. */
  public SortedMap<String, float[]> values() {
    return values;
  }
}
