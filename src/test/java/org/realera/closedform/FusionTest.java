package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.tensor.Noise;

/** Versions of a layer made one: where the gradient of what is minimised is zero. */
class FusionTest extends RandomRows {
  private static final ClosedForm.Remedy REMEDY =
      new ClosedForm.Remedy("lambda = 0", "Raise lambda.");

  private static NDArray product(NDArray rows) {
    NDArray x = wide(rows);
    return x.transpose().matMul(x);
  }

  @Test
  void theFusedLayerMeetsEveryVersionAsFarAsItsRowsWeigh() {
    double lambda = 0.3;
    NDArray first = wide(new Noise(5).normal(scope, weight.getShape()));
    NDArray second = wide(new Noise(6).normal(scope, weight.getShape()));
    NDArray right = first.matMul(product(source)).add(second.matMul(product(kept)).mul(2));
    try (Fusion fusion = new Fusion(D, lambda, REMEDY);
        Gram one = new Gram(D);
        Gram two = new Gram(D)) {
      one.add(source, 1);
      two.add(kept, 1);
      fusion.add(one, 1);
      fusion.add(two, 2);
      NDArray fused = fusion.fuse(weight, right, scope);
      assertThat(fused.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(fused.getManager()).isEqualTo(scope);
      NDArray eye = scope.eye(D, D, 0, DataType.FLOAT64);
      NDArray all = product(source).add(product(kept).mul(2)).add(eye.mul(lambda));
      NDArray moved = wide(fused).sub(wide(weight));
      assertThat(distance(moved.matMul(all), right)).isLessThan(1e-6);
    }
  }

  @Test
  void whereNoVersionDiffersTheLayerStaysToTheBit() {
    NDArray none = scope.zeros(new Shape(16, D), DataType.FLOAT64);
    try (Fusion fusion = new Fusion(D, 0.1, REMEDY);
        Gram rows = new Gram(D)) {
      rows.add(source, 1);
      fusion.add(rows, 1);
      assertThat(fusion.fuse(weight, none, scope)).isEqualTo(weight);
    }
  }

  @Test
  void rowsThatLeaveItSingularAreAnErrorThatNamesLambda() {
    NDArray right = scope.ones(new Shape(16, D), DataType.FLOAT64);
    try (Fusion fusion = new Fusion(D, 0, REMEDY)) {
      assertThatThrownBy(() -> fusion.fuse(weight, right, scope))
          .isInstanceOf(RealeraException.class)
          .hasMessageContaining("with lambda = 0");
    }
  }
}
