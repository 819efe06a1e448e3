package org.realera.scorer.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClipScoreTest {

  @Test
  void itIsAHundredTimesTheCosineWhateverTheLengths() {
    assertThat(ClipScore.of(new float[] {3, 0}, new float[] {0.5f, 0.5f}))
        .isCloseTo(100 * Math.sqrt(0.5), within(1e-12));
    assertThat(ClipScore.of(new float[] {1e-3f, 2e-3f}, new float[] {10, 20}))
        .isCloseTo(100, within(1e-5));
  }

  @Test
  void whatPointsAwayScoresNothing() {
    assertThat(ClipScore.of(new float[] {1, 0}, new float[] {-1, 0.1f})).isZero();
    assertThat(ClipScore.clipped(-3)).isZero();
    assertThat(ClipScore.clipped(31.34)).isEqualTo(31.34);
  }

  @Test
  void featuresOfDifferentModelsAreRefused() {
    assertThatThrownBy(() -> ClipScore.of(new float[2], new float[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
