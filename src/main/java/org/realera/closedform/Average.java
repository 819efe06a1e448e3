package org.realera.closedform;

import ai.djl.ndarray.NDArray;
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
    try (Gram own = new Gram(p.width())) {
      own.add(p.e(), 1);
      double square = own.trace();
      double along = count * (m.own() - m.spread() / square);
      double ridge = count * m.spread() * length;
      into.mapped().add(own, along, ridge, count * length);
      NDArray d = into.difference();
      ClosedForm.script().integer("add_rows", d, p.eStar(), p.e(), count * m.anchor());
      double target = count * (m.along() - m.both() / square);
      Gram.add(d, own.matrix(), target - along, count * m.both() * length - ridge);
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
    try (Gram own = new Gram(p.width())) {
      own.add(p.e(), 1);
      double each = weight * count;
      into.kept()
          .add(
              own,
              each * (m.own() - m.spread() / own.trace()),
              each * m.spread() * length,
              count * length);
    }
  }
}
