package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

/** A layer's change as a product of two factors. */
class LowRankTest {
  @TempDir private Path temp;
  private final NDManager scope = NDManager.newBaseManager(Device.cpu());

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void aRankBeyondWhatALayerCanHaveIsFilledWithZeros() {
    try (LowRank layer =
        new LowRank(MiniatureModel.random(scope, 6, 8, 1), scope.zeros(new Shape(6, 8)))) {
      assertThat(layer.exactRank(DType.F32)).isEqualTo(6);
      LowRank.Factors factors = layer.factors(9, DType.F32);
      assertThat(factors.up().getShape()).isEqualTo(new Shape(6, 9));
      assertThat(factors.down().getShape()).isEqualTo(new Shape(9, 8));
      assertThat(factors.error()).isLessThan(1e-6);
    }
  }

  @Test
  void noChangeHasRankZero() {
    NDArray same = MiniatureModel.random(scope, 6, 8, 1);
    try (LowRank layer = new LowRank(same, same)) {
      assertThat(layer.exactRank(DType.F32)).isZero();
      assertThat(layer.factors(1, DType.F32).error()).isZero();
    }
  }

  @Test
  void aLowRankChangeThatWasRoundedToHalfIsFoundAgain() {
    NDArray base = MiniatureModel.random(scope, 32, 32, 1);
    NDArray change =
        MiniatureModel.random(scope, 32, 2, 2).matMul(MiniatureModel.random(scope, 2, 32, 3));
    NDArray half = base.add(change).toType(ai.djl.ndarray.types.DataType.FLOAT16, true);
    try (LowRank layer = new LowRank(half, base)) {
      assertThat(layer.exactRank(DType.F16)).isEqualTo(2);
      assertThat(layer.exactRank(DType.F32)).isEqualTo(32);
    }
  }

  @Test
  void aLowRankChangeThatWasRoundedToBfloat16IsFoundAgain() {
    NDArray base = MiniatureModel.random(scope, 32, 32, 1);
    NDArray change =
        MiniatureModel.random(scope, 32, 2, 2).matMul(MiniatureModel.random(scope, 2, 32, 3));
    // Small beside the weights, yet more than rounding takes away.
    NDArray small = change.mul(0.1);
    Path file = temp.resolve("rounded.safetensors");
    SafetensorsWriter.write(
        file, Map.of(), List.of(TensorSource.of("w", DType.BF16, base.add(small))));
    try (SafetensorsFile stored = SafetensorsFile.open(file);
        LowRank layer = new LowRank(stored.read("w", scope), base)) {
      assertThat(layer.exactRank(DType.BF16)).isEqualTo(2);
      assertThat(layer.exactRank(DType.F16)).isGreaterThan(2);
    }
  }
}
