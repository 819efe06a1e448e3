package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.safetensors.DType;

/** Layers of few pixels take another way to the same numbers (ops.py). */
class FewPixelsTest {
  private static final int IN = 512;
  private static final int OUT = 1024; // 4.7 million numbers: above the size from which it goes so

  /** In bf16 by its eight bits: a product is rounded before the bias comes to it. */
  @ParameterizedTest
  @CsvSource({
    "1, 8, 8, 1, F32, 2e-5",
    "2, 8, 8, 1, F32, 2e-5",
    "1, 9, 5, 1, F32, 2e-5",
    "2, 5, 7, 2, F32, 2e-5",
    "1, 16, 16, 2, F32, 2e-5",
    "3, 8, 8, 1, F32, 2e-5",
    "2, 8, 8, 1, BF16, 0.02",
    "1, 9, 5, 2, BF16, 0.02"
  })
  void aConvolutionIsTheSame(
      int batch, int height, int width, int stride, DType type, float bound) {
    try (TorchScript script = TorchScript.load("few_pixels");
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray x = new Noise(1).normal(scope, new Shape(batch, IN, height, width));
      NDArray weight = new Noise(2).normal(scope, new Shape(OUT, IN, 3, 3)).mul(0.02f);
      NDArray bias = new Noise(3).normal(scope, new Shape(OUT));
      int dtype = type.scalarType();
      List<NDArray> ours =
          script.tensors(scope, "convolution", x, weight, bias, stride, dtype, true);
      List<NDArray> theirs =
          script.tensors(scope, "convolution", x, weight, bias, stride, dtype, false);
      for (int i = 0; i < theirs.size(); i++) {
        assertThat(ours.get(i).getShape()).isEqualTo(theirs.get(i).getShape());
        float largest = theirs.get(i).abs().max().getFloat();
        assertThat(ours.get(i).sub(theirs.get(i)).abs().max().getFloat())
            .as("of y, dx, dW, db number %d", i)
            .isLessThan(bound * largest);
      }
    }
  }

  @Test
  void fewPixelsAndALargeWeightGoTheOtherWay() {
    try (TorchScript script = TorchScript.load("few_pixels");
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray large = scope.zeros(new Shape(1 << 11, 1 << 11));
      assertThat(script.integer("few", 128, large)).isOne();
      assertThat(script.integer("few", 129, large)).isZero();
      assertThat(script.integer("few", 128, large.get("1:"))).isZero();
    }
  }

  /** 128 rows are a product of matrices, 129 a convolution: row by row the same. */
  @Test
  void aLinearLayerIsTheSameOnBothSidesOfTheBound() {
    try (TorchScript script = TorchScript.load("few_pixels");
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray x = new Noise(1).normal(scope, new Shape(1, 129, 64));
      NDArray weight = new Noise(2).normal(scope, new Shape(48, 64));
      NDArray bias = new Noise(3).normal(scope, new Shape(48));
      NDArray all = script.tensor(scope, "product", x, weight, bias);
      NDArray few = script.tensor(scope, "product", x.get(":, :128"), weight, bias);
      assertThat(few.sub(all.get(":, :128")).abs().max().getFloat()).isLessThan(1e-4f);
      NDArray plain = x.get(0).matMul(weight.transpose()).add(bias);
      assertThat(all.get(0).sub(plain).abs().max().getFloat()).isLessThan(1e-4f);
    }
  }
}
