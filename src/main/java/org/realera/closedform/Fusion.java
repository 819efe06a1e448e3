package org.realera.closedform;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/**
 * Several versions of a layer made one: for its rows each version is to project as it does.
 *
 * <pre>
 *   min_W*  sum_i sum_{e in i} ||W* e - (W + D_i) e||^2 + s sum_{c in M} ||W* c - (W + D_0) c||^2 + lambda ||W* - W||_F^2
 *   W* = W + (sum_i D_i G_i + s D_0 M) (sum_i G_i + s M + lambda I)^-1,   G_i = sum_{e in i} e e^T
 * </pre>
 *
 * <p>So W* is W to the last bit where no version differs. The creator closes it.
 */
public final class Fusion implements AutoCloseable {
  private final Gram all;
  private final double lambda;
  private final ClosedForm.Remedy remedy;

  /**
   * A fusion of nothing yet.
   *
   * @param width d of the text encoder
   * @param lambda how much W is held
   * @param remedy what to say where the rows leave the problem singular
   */
  public Fusion(long width, double lambda, ClosedForm.Remedy remedy) {
    this.all = new Gram(width);
    this.lambda = lambda;
    this.remedy = remedy;
  }

  /** Adds the rows of a version, each with this weight; the same for all layers. */
  public void add(Gram rows, double weight) {
    all.add(rows, weight);
  }

  /**
   * Fuses a layer.
   *
   * @param w W [C, d], any float type, on the CPU, borrowed
   * @param right sum of D_i G_i over all versions, with their weights, [C, d] float64, borrowed
   * @param scope owns the result
   * @return W* [C, d] float32
   * @throws org.realera.RealeraException as {@link ClosedForm#solve(double, NDManager)}
   */
  public NDArray fuse(NDArray w, NDArray right, NDManager scope) {
    try (NDManager inner = NDManager.newBaseManager(Device.cpu());
        Gram g = new Gram(all.width())) {
      g.add(all, 1);
      NDArray moved = ClosedForm.solve(g, lambda, right, remedy, inner).values();
      NDArray fused = w.toType(DataType.FLOAT64, false).add(moved).toType(DataType.FLOAT32, false);
      fused.attach(scope);
      return fused;
    }
  }

  @Override
  public void close() {
    all.close();
  }
}
