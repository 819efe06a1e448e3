package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

/** How far two tensors are apart. */
class TensorDifferenceTest {
  @TempDir private Path temp;

  @Test
  void aDifferenceIsRelativeToTheNormOfTheOriginal() {
    TensorDifference difference = of(new float[] {3, 4, 0}, new float[] {0, 4, 0});
    assertThat(difference.largest()).isEqualTo(3);
    assertThat(difference.relative()).hasValue(0.75);
  }

  @Test
  void aDifferenceFromZeroIsRelativeToNothing() {
    TensorDifference difference = of(new float[] {-2, 1}, new float[] {0, 0});
    assertThat(difference.largest()).isEqualTo(2);
    assertThat(difference.relative()).isEmpty();
  }

  @Test
  void equalNumbersDoNotDiffer() {
    assertThat(of(new float[] {0, 0}, new float[] {0, 0})).isEqualTo(TensorDifference.NONE);
  }

  @Test
  void whatIsNoNumberDiffersFromEveryNumber() {
    TensorDifference difference = of(new float[] {0, Float.NaN, 0}, new float[] {0, 0, 1});
    assertThat(difference.largest()).isInfinite();
    assertThat(difference.isNone()).isFalse();
  }

  /** Positions of tokens: how far two are apart means nothing. */
  @Test
  void wholeNumbersThatAreNotTheSameDifferWithoutMeasure() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray original = scope.create(new long[] {0, 1, 2});
      NDArray changed = scope.create(new long[] {0, 1, 3});
      assertThat(of(positions("a", original), positions("b", original)))
          .isEqualTo(TensorDifference.NONE);
      TensorDifference difference = of(positions("a", changed), positions("b", original));
      assertThat(difference.largest()).isInfinite();
      assertThat(difference.relative()).isEmpty();
    }
  }

  private static TensorSource positions(String name, NDArray values) {
    return TensorSource.of(name, DType.I64, values);
  }

  private TensorDifference of(float[] changed, float[] original) {
    List<Long> shape = List.of((long) changed.length);
    return of(
        TensorSource.of("a", DType.F32, shape, changed),
        TensorSource.of("b", DType.F32, shape, original));
  }

  private TensorDifference of(TensorSource a, TensorSource b) {
    Path file = temp.resolve("x.safetensors");
    SafetensorsWriter.write(file, Map.of(), List.of(a, b));
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      return TensorDifference.of(opened.stored("a"), opened.stored("b"));
    }
  }
}
