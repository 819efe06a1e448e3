package org.realera.scorer.clip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClipScoreTest {
  @Test
  void whatPointsAwayScoresNothing() {
    assertThat(ClipScore.clipped(-3)).isZero();
    assertThat(ClipScore.clipped(31.34)).isEqualTo(31.34);
  }
}
