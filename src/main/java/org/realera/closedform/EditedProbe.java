package org.realera.closedform;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.realera.checkpoint.CrossAttention;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;

/**
 * {@link ResidueProbe} for any edited projections W', which need not be W T (RECE, eq. 8).
 *
 * <pre>
 *   c' = argmin sum_l ||W'_l c' - W_l c||^2 + rho ||c'||^2
 *      = (rho I + sum_l W'_l^T W'_l)^-1 (sum_l W'_l^T W_l) c
 * </pre>
 *
 * The creator closes it.
 */
public final class EditedProbe implements AutoCloseable {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu());
  private final Gram edited;
  private final NDArray mixed;

  /**
   * Sums over all projections of keys and values.
   *
   * @param original W, borrowed
   * @param edits those of the U-Net; what has no edit is as it was
   * @param width d
   */
  public EditedProbe(Weights original, Edits edits, long width) {
    this.edited = new Gram(width);
    this.mixed = manager.zeros(new Shape(width, width), DataType.FLOAT64);
    for (String module : CrossAttention.projections(original)) {
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        String name = module + Edits.WEIGHT;
        NDArray w = original.read(name, inner);
        NDArray after = after(edits.tensors(), name, w, inner);
        edited.add(after, 1);
        ClosedForm.script().integer("add_rows", mixed, w, after, 1.0); // += W^T W'
      }
    }
  }

  private static NDArray after(
      Map<String, NDArray> edits, String name, NDArray w, NDManager scope) {
    NDArray edit = edits.get(name);
    if (edit == null) {
      return w;
    }
    NDArray there = edit.toDevice(Device.cpu(), false);
    if (there != edit) {
      there.attach(scope);
    }
    return there;
  }

  /**
   * The matrix from rows c to rows c'.
   *
   * @param rho more than 0
   * @return [d, d] float64, owned by {@code scope}: c'^T = c^T X
   * @throws org.realera.RealeraException (usage) if the problem is singular to working precision
   */
  public NDArray attack(double rho, NDManager scope) {
    try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
      NDArray a = inner.eye((int) edited.width(), (int) edited.width(), 0, DataType.FLOAT64);
      NDArray s = edited.matrix().add(a.mul(rho));
      s.attach(inner);
      return ResidueProbe.solved(ClosedForm.script().tensors(scope, "solve_right", s, mixed), rho);
    }
  }

  @Override
  public void close() {
    edited.close();
    manager.close();
  }
}
