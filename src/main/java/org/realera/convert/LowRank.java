package org.realera.convert;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.realera.safetensors.DType;
import org.realera.tensor.TorchScript;

/**
 * The change D = W' - W of one linear layer or convolution, decomposed by a singular value
 * decomposition in float64: {@code low_rank.py}. Owns native memory.
 */
final class LowRank implements AutoCloseable {
  private final NDManager scope = NDManager.newBaseManager(Device.cpu());
  private final long[] shape;
  private final NDArray delta;
  private final NDArray u;
  private final NDArray s;
  private final NDArray vh;
  private final double weightNorm;
  private final double[] singular;

  private static TorchScript script() {
    return TorchScript.shared("low_rank");
  }

  /**
   * Decomposes a change.
   *
   * @param changed W' [out, in] or [out, in, kh, kw], any floating type, on the CPU, borrowed
   * @param base W, of the same shape, borrowed
   */
  LowRank(NDArray changed, NDArray base) {
    shape = changed.getShape().getShape().clone();
    List<NDArray> parts = script().tensors(scope, "decompose", changed, base);
    delta = parts.get(0);
    u = parts.get(1);
    s = parts.get(2);
    vh = parts.get(3);
    weightNorm = parts.get(4).getDouble();
    singular = s.toDoubleArray();
  }

  /**
   * The rank from which on what is left of D is no more than what rounding W' to its type has put
   * there: a true low-rank change is found again though it was stored in few digits.
   *
   * @param stored the type that W' is stored in
   * @return 0 or more, at most the number of singular values
   */
  int exactRank(DType stored) {
    double limit = unit(stored) * weightNorm;
    double rest = 0;
    int rank = singular.length;
    while (rank > 0 && rest + singular[rank - 1] * singular[rank - 1] <= limit * limit) {
      rest += singular[--rank] * singular[rank];
    }
    return rank;
  }

  /** Half the distance of 1 to the next number. */
  private static double unit(DType dtype) {
    return switch (dtype) {
      case F64, F32 -> 0x1p-24; // the factors are float32 at best
      case F16 -> 0x1p-11;
      case BF16 -> 0x1p-8;
      default -> throw new IllegalArgumentException("no floating type: " + dtype);
    };
  }

  /**
   * The factors of a rank, rounded to a type.
   *
   * @param up B [out, rank], of a convolution [out, rank, 1, 1], float32
   * @param down A [rank, in] or [rank, in, kh, kw] float32; both owned by the decomposition
   * @param error |D - B A| / |D| with the rounded factors, 0 where D is 0
   * @param weightError |D - B A| / |W'|
   */
  record Factors(NDArray up, NDArray down, double error, double weightError) {}

  /** B A = D as far as {@code rank} goes; zeros fill a rank larger than D can have. */
  Factors factors(int rank, DType dtype) {
    List<NDArray> pair = script().tensors(scope, "factors", u, s, vh, rank, dtype.scalarType());
    double rest = script().number("residual", delta, pair.get(0), pair.get(1));
    double norm = norm();
    long[] up = shape.clone();
    Arrays.fill(up, 2, up.length, 1);
    up[1] = rank;
    long[] down = shape.clone();
    down[0] = rank;
    return new Factors(
        pair.get(0).reshape(new Shape(up)),
        pair.get(1).reshape(new Shape(down)),
        norm == 0 ? 0 : rest / norm,
        weightNorm == 0 ? 0 : rest / weightNorm);
  }

  /** |D|, Frobenius. */
  double norm() {
    double squares = 0;
    for (double value : singular) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  @Override
  public void close() {
    scope.close();
  }
}
