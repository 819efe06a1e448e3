package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Expected numbers: PyTorch 2.7.1, {@code torch.manual_seed(seed)}, then the call named. */
class NoiseTest {
  private static final Offset<Float> LAST_DIGIT = within(1e-4f);

  @Test
  void normalNumbersAreThoseOfTorchRandn() {
    try (NDManager scope = NDManager.newBaseManager()) {
      assertThat(new Noise(0).normal(scope, new Shape(4)).toFloatArray())
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(1.5410f, -0.2934f, -2.1788f, 0.5684f);
    }
  }

  @Test
  void aStreamGoesOnWhereItStoppedWhateverOthersDraw() {
    try (NDManager scope = NDManager.newBaseManager()) {
      Noise one = new Noise(0);
      one.normal(scope, new Shape(2));
      new Noise(7).normal(scope, new Shape(100));
      assertThat(one.normal(scope, new Shape(2)).toFloatArray()[0]).isCloseTo(-2.1788f, LAST_DIGIT);
    }
  }

  @Test
  void uniformNumbersStayInTheirRange() {
    try (NDManager scope = NDManager.newBaseManager()) {
      Noise noise = new Noise(3);
      for (float x : noise.uniform(scope, 2, 3, new Shape(1000)).toFloatArray()) {
        assertThat(x).isGreaterThanOrEqualTo(2f).isLessThan(3f);
      }
      assertThat(noise.uniform(-1, 1)).isBetween(-1.0, 1.0);
      assertThat(noise.integer(10)).isBetween(0L, 9L);
    }
  }

  @Test
  void derivedSeedsAreStableAndDiffer() {
    assertThat(Noise.derive(0, "mining", 0)).isEqualTo(Noise.derive(0, "mining", 0));
    assertThat(Noise.derive(0, "mining", 0))
        .isNotEqualTo(Noise.derive(0, "mining", 1))
        .isNotEqualTo(Noise.derive(1, "mining", 0))
        .isNotEqualTo(Noise.derive(0, "alignment", 0))
        .isNotNegative();
  }
}
