package org.realera.convert;

import java.nio.ByteBuffer;
import java.util.OptionalDouble;
import org.realera.safetensors.DType;
import org.realera.safetensors.HalfFloats;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;

/**
 * How one tensor differs from another of the same shape.
 *
 * @param largest the largest difference of two elements
 * @param relative |a - b| / |b|, Frobenius; empty if b is zero and a is not
 */
public record TensorDifference(double largest, OptionalDouble relative) {
  private static final int CHUNK = 1 << 18;

  /** No difference in any value. */
  public static final TensorDifference NONE = new TensorDifference(0, OptionalDouble.of(0));

  /** Whether all values are equal. */
  public boolean isNone() {
    return largest == 0;
  }

  /** Compares a tensor with its original; reads both piece by piece. */
  static TensorDifference of(TensorSource.Stored a, TensorSource.Stored b) {
    TensorInfo info = a.info();
    DType from = info.dtype();
    DType to = b.info().dtype();
    boolean floats = from.isFloating() && to.isFloating();
    double largest = 0;
    double difference = 0;
    double norm = 0;
    for (long done = 0; done < info.elements(); done += CHUNK) {
      int count = (int) Math.min(CHUNK, info.elements() - done);
      ByteBuffer left = a.readElements(done, count);
      ByteBuffer right = b.readElements(done, count);
      boolean same = from == to && left.equals(right);
      if (!floats) {
        largest = same ? largest : Double.POSITIVE_INFINITY;
        continue;
      }
      for (int i = 0; i < count; i++) {
        double original = HalfFloats.element(to, right, i);
        norm += original * original;
        if (!same) {
          double d = HalfFloats.element(from, left, i) - original;
          difference += d * d;
          // Not Math.max alone: NaN differs from everything.
          largest = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(largest, Math.abs(d));
        }
      }
    }
    if (largest == 0) {
      return NONE;
    }
    return new TensorDifference(
        largest,
        norm > 0 && floats
            ? OptionalDouble.of(Math.sqrt(difference / norm))
            : OptionalDouble.empty());
  }
}
