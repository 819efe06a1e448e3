package org.realera.training;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.tensor.NativeFloats;

/**
 * Loss and gradients of one step, added up from its parts: pieces of a batch, terms of a loss. A
 * penalty on the parameters themselves is added by changing {@link #values}.
 */
public final class Gradients implements AutoCloseable {
  private final SortedMap<String, NativeFloats> values = new TreeMap<>();
  private double loss;

  /**
   * Adds a part.
   *
   * @param partLoss its loss
   * @param gradients parameter name to gradient, fp32 on any device; closed one by one, so that
   *     those of a whole network are in memory once
   */
  public void add(double partLoss, Map<String, NDArray> gradients) {
    loss += partLoss;
    gradients.forEach(
        (name, slope) -> {
          try (slope) {
            NativeFloats sum = values.get(name);
            if (sum == null) {
              values.put(name, NativeFloats.copyOf(slope));
            } else {
              sum.add(slope);
            }
          }
        });
  }

  /** Adds to the loss alone, for a term whose gradient is added to {@link #values}. */
  public void addLoss(double more) {
    loss += more;
  }

  public double loss() {
    return loss;
  }

  /** Parameter name to gradient; its own rows. */
  public SortedMap<String, NativeFloats> values() {
    return values;
  }

  /** Frees the gradients. */
  @Override
  public void close() {
    values.values().forEach(NativeFloats::close);
  }
}
