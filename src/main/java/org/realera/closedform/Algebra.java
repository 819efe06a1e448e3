package org.realera.closedform;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.RealeraException;

/**
 * What closed forms share beside the one solve: float64 on the CPU, every result owned by the scope
 * given. Operands are float64 unless said otherwise.
 */
public final class Algebra {
  private Algebra() {}

  /** I [d, d]. */
  public static NDArray identity(long d, NDManager scope) {
    return ClosedForm.script().tensor(scope, "identity", d);
  }

  /**
   * a^-1 of a square matrix.
   *
   * @param what the matrix is, and {@code remedy} what to do, if there is no inverse
   * @throws RealeraException (usage) if a is singular to working precision
   */
  public static NDArray inverse(NDArray a, String what, String remedy, NDManager scope) {
    List<NDArray> found = ClosedForm.script().tensors(scope, "inverse", a);
    if (!(found.get(1).getDouble() <= ClosedForm.WORST_CONDITION)) {
      throw RealeraException.usage(what + " is singular to working precision", remedy);
    }
    return found.get(0);
  }

  /**
   * The right singular vector of the smallest singular value.
   *
   * @param w [C, d] of any float type; where it is wide, the smallest of C
   * @return v [d, 1]
   */
  public static NDArray leastDirection(NDArray w, NDManager scope) {
    return ClosedForm.script().tensor(scope, "least_direction", w);
  }

  /**
   * The eigenvectors of a Gram matrix whose eigenvalues lie under a threshold.
   *
   * @param projector P = U U^T [d, d] on the space that they span
   * @param dimensions how many they are
   */
  public record NullSpace(NDArray projector, long dimensions) {
    /** Of g [d, d]. */
    public static NullSpace of(NDArray g, double threshold, NDManager scope) {
      List<NDArray> found = ClosedForm.script().tensors(scope, "null_space", g, threshold);
      return new NullSpace(found.get(0), (long) found.get(1).getDouble());
    }
  }

  /**
   * k-means from evenly spread rows, to its end: the same rows give the same centres.
   *
   * @param x [n, d], at least k rows
   * @return [k, d]
   */
  public static NDArray kMeans(NDArray x, int k, NDManager scope) {
    return ClosedForm.script().tensor(scope, "k_means", x, k);
  }

  /** The rows x [n, d] that w [C, d] makes longer than the mean; [m, d]. */
  public static NDArray aboveMean(NDArray x, NDArray w, NDManager scope) {
    return ClosedForm.script().tensor(scope, "above_mean", x, w);
  }

  /**
   * Rows with noise along one direction.
   *
   * @param x [n, d]
   * @param noise [n, k, d] of any float type
   * @param v [d, 1]
   * @return x + (noise v) v^T, [n k, d]
   */
  public static NDArray along(NDArray x, NDArray noise, NDArray v, NDManager scope) {
    return ClosedForm.script().tensor(scope, "along", x, noise, v);
  }

  /** The projector [C, C] on the space that columns [C, n] span, however many depend on others. */
  public static NDArray span(NDArray columns, NDManager scope) {
    return ClosedForm.script().tensor(scope, "span", columns);
  }

  /**
   * Orthogonal Procrustes: the rotation R, R^T R = I and det R = 1, that maximises tr(R^T m) on the
   * space of the columns of w; where w leaves room, what lies outside is not turned, and a
   * reflection goes there.
   *
   * @param m [C, C], whose rows and columns lie in that space
   * @param w [C, d]
   * @return R [C, C]
   * @throws RealeraException (usage) with {@code remedy} if m leaves R undecided
   */
  public static NDArray rotation(NDArray m, NDArray w, String remedy, NDManager scope) {
    List<NDArray> found = ClosedForm.script().tensors(scope, "rotation", m, w);
    if (!(found.get(1).getDouble() * ClosedForm.WORST_CONDITION >= 1)) {
      throw RealeraException.usage(
          "the rotation's matrix is singular to working precision", remedy);
    }
    return found.get(0);
  }
}
