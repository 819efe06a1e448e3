package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

/** Sums of many rows, which are multiplied by blocks, beside the product of all. */
class GramTest {
  private static final long[] WIDTHS = {32, 256, 301};

  private NDManager scope;

  @BeforeEach
  void open() {
    Engine.init();
    scope = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private NDArray rows(long count, long width) {
    return new Noise(count).normal(scope, new Shape(count, width));
  }

  private static NDArray product(NDArray x) {
    NDArray wide = x.toType(DataType.FLOAT64, true);
    return wide.transpose().matMul(wide);
  }

  private static void assertNear(NDArray sum, NDArray expected) {
    double off = sum.sub(expected).abs().max().getDouble();
    assertThat(off).isLessThan(1e-12 * expected.max().getDouble());
  }

  @Test
  void fewRowsAndManyAreTheirProduct() {
    for (long width : WIDTHS) {
      for (long count : new long[] {1, 1023, 1024, 5000}) {
        NDArray x = rows(count, width);
        try (Gram gram = new Gram(width)) {
          gram.add(x, 1);
          gram.add(x, 0.5);
          assertNear(gram.matrix(), product(x).mul(1.5));
          assertThat(gram.rows()).isEqualTo(2 * count);
        }
      }
    }
  }

  @Test
  void theSumOfManyRowsIsSymmetricToTheBit() {
    try (Gram gram = new Gram(301)) {
      gram.add(rows(3000, 301), 0.1);
      assertThat(gram.matrix().transpose()).isEqualTo(gram.matrix());
    }
  }

  @Test
  void rowsTakenOutAreAsIfTheyHadNeverBeenIn() {
    for (long width : WIDTHS) {
      NDArray stays = rows(4000, width);
      NDArray goes = rows(1500, width);
      try (Gram all = new Gram(width);
          Gram left = new Gram(width)) {
        all.add(goes, 1);
        all.add(stays, 1);
        left.addSum(all.matrix(), all.rows());
        left.subtract(goes);
        assertNear(left.matrix(), product(stays));
        assertThat(left.rows()).isEqualTo(4000);
      }
    }
  }

  @Test
  void theSameRowsGiveTheSameBits() {
    NDArray x = rows(5000, 301);
    try (Gram one = new Gram(301);
        Gram other = new Gram(301)) {
      one.add(x, 1);
      other.add(x, 1);
      assertThat(one.matrix()).isEqualTo(other.matrix());
    }
  }
}
