package org.realera.closedform;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import org.realera.concept.Concept;
import org.realera.concept.Moments;

/**
 * Random points round e in the closed form's sums as they are on average, instead of so many drawn
 * ones: nothing is drawn, and no seed has a part.
 */
public final class Average {
  private Average() {}

  /**
   * Points to move, with their partners round e*.
   *
   * @param count as how many points they count
   */
  public static void map(ClosedForm into, Concept.Rows p, Moments m, long count) {
    long length = p.length();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray e = wide(p.e(), scope);
      NDArray eStar = wide(p.eStar(), scope);
      double square = square(e);
      double own = count * (m.own() - m.spread() / square);
      double ridge = count * m.spread() * length;
      into.mapped().add(e, own, ridge, count * length);
      // y^T x less x^T x: what of y goes with e is one product.
      double along = count * (m.along() - m.both() / square) - own;
      NDArray y = eStar.mul(count * m.anchor()).add(e.mul(along));
      NDArray d = into.difference();
      ClosedForm.script().integer("add_rows", d, y, e, 1.0);
      ClosedForm.script().run("add_ridge", d, count * m.both() * length - ridge);
    }
  }

  /**
   * Points to keep.
   *
   * @param count as how many points they count
   * @param weight of each row
   */
  public static void keep(ClosedForm into, Concept.Rows p, Moments m, long count, double weight) {
    long length = p.length();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray e = wide(p.e(), scope);
      double each = weight * count;
      into.kept()
          .add(
              e,
              each * (m.own() - m.spread() / square(e)),
              each * m.spread() * length,
              count * length);
    }
  }

  private static NDArray wide(NDArray rows, NDManager scope) {
    NDArray wide = rows.toType(DataType.FLOAT64, true);
    wide.attach(scope);
    return wide;
  }

  /** rho^2. */
  private static double square(NDArray e) {
    double norm = e.norm().toDoubleArray()[0];
    return norm * norm;
  }
}
