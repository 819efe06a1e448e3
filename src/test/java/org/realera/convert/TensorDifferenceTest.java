package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;

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

  private TensorDifference of(float[] changed, float[] original) {
    Path file = temp.resolve("x.safetensors");
    List<Long> shape = List.of((long) changed.length);
    SafetensorsWriter.write(
        file,
        Map.of(),
        List.of(
            TensorSource.of("a", DType.F32, shape, changed),
            TensorSource.of("b", DType.F32, shape, original)));
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      return TensorDifference.of(opened.stored("a"), opened.stored("b"));
    }
  }
}
