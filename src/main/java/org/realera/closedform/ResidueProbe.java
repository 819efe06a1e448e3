package org.realera.closedform;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.RealeraException;
import org.realera.checkpoint.CrossAttention;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;

/**
 * Which embedding still reaches a concept after W has become W' = W T, in closed form (RECE, eq.
 * 8): keys and values see of c' what they saw of c.
 *
 * <pre>
 *   c' = argmin sum_l ||W'_l c' - W_l c||^2 + rho ||c'||^2
 *      = (rho I + T^T S T)^-1 T^T S c,   S = sum_l W_l^T W_l
 * </pre>
 *
 * The creator closes it.
 */
public final class ResidueProbe implements AutoCloseable {
  private final Gram s;

  /** Sums S over all projections of a U-Net. */
  public ResidueProbe(Weights unet, long width) {
    this.s = new Gram(width);
    for (String module : CrossAttention.projections(unet)) {
      try (NDManager inner = NDManager.newBaseManager(ai.djl.Device.cpu())) {
        s.add(unet.read(module + Edits.WEIGHT, inner), 1);
      }
    }
  }

  /**
   * The matrix from rows c to rows c'.
   *
   * @param t T [d, d] float64
   * @param rho more than 0
   * @return [d, d] float64, owned by {@code scope}: c'^T = c^T X
   * @throws RealeraException (usage) if T leaves the problem singular to working precision
   */
  public NDArray attack(NDArray t, double rho, NDManager scope) {
    return solved(ClosedForm.script().tensors(scope, "probe", s.matrix(), t, rho), rho);
  }

  /** A solution, unless its state says that there is none. */
  static NDArray solved(List<NDArray> found, double rho) {
    double[] state = found.get(1).toDoubleArray();
    if (state[0] != 0 || !(state[1] <= ClosedForm.WORST_CONDITION)) {
      throw RealeraException.usage(
          "the attack's matrix is singular to working precision with regular_scale = " + rho,
          "Raise regular_scale.");
    }
    return found.get(0);
  }

  @Override
  public void close() {
    s.close();
  }
}
