package org.realera.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Finds numbers that are NaN or infinite in what networks give. Such numbers pass for results: an
 * image of them is black, a detector of them sees nothing.
 */
public final class Finite {
  private Finite() {}

  /**
   * The first entry along the first axis that is not finite throughout.
   *
   * @param entries [n, ...] of any float type, borrowed
   * @return its index, or -1 if all are finite
   */
  public static int firstBroken(NDArray entries) {
    float[] sums = sums(entries);
    for (int i = 0; i < sums.length; i++) {
      if (!Float.isFinite(sums[i])) {
        return i;
      }
    }
    return -1;
  }

  /** Whether all numbers of one entry are finite; {@code entries} as in {@link #firstBroken}. */
  public static boolean[] each(NDArray entries) {
    float[] sums = sums(entries);
    boolean[] finite = new boolean[sums.length];
    for (int i = 0; i < sums.length; i++) {
      finite[i] = Float.isFinite(sums[i]);
    }
    return finite;
  }

  /** Whether all of the numbers are finite. */
  public static boolean all(float[] numbers) {
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  /** One number that is not finite makes the sum so, and one sum is all that leaves a GPU. */
  private static float[] sums(NDArray entries) {
    try (NDArray rows = entries.reshape(entries.getShape().get(0), -1);
        NDArray sums = rows.sum(new int[] {1});
        NDArray narrow = sums.toType(DataType.FLOAT32, true)) {
      return narrow.toFloatArray();
    }
  }
}
