package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextPriorTest {
  @Test
  void thePriorLeavesOutTheNearestPrompts() {
    double[] nearness = {0.1, 0.9, 0.3, 0.8, 0.2};
    assertThat(TextPrior.farthest(nearness, 0)).containsExactly(0, 1, 2, 3, 4);
    assertThat(TextPrior.farthest(nearness, 0.2)).containsExactly(0, 2, 3, 4);
    assertThat(TextPrior.farthest(nearness, 0.25)).containsExactly(0, 2, 4);
    assertThat(TextPrior.farthest(nearness, 1)).isEmpty();
  }
}
