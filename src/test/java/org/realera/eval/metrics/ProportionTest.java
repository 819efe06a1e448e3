package org.realera.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
  /**
   * By the textbook's other form of it, (k + z^2/2 +- z sqrt(k (n - k) / n + z^2/4)) / (n + z^2).
   */
  @ParameterizedTest
  @CsvSource({
    "0, 20, 0, 16.112515805281934",
    "1, 20, 0.8881448800795402, 23.613119344674203",
    "10, 20, 29.92980081982124, 70.07019918017876",
    "19, 20, 76.3868806553258, 99.11185511992046",
    "20, 20, 83.88748419471807, 100",
    "3, 142, 0.7210620362483801, 6.026990883870707",
    "81, 263, 25.528851987827423, 36.62095769828"
  })
  void theIntervalIsWilsons(int successes, int total, double low, double high) {
    Interval interval = new Proportion(successes, total).interval();
    assertThat(interval.value()).isCloseTo(100.0 * successes / total, within(1e-12));
    assertThat(interval.low()).isCloseTo(low, within(1e-9));
    assertThat(interval.high()).isCloseTo(high, within(1e-9));
  }

  @Test
  void noTrialSaysNothing() {
    assertThat(new Proportion(0, 0).interval()).isEqualTo(new Interval(0, 0, 100));
  }

  @Test
  void aMeanHasTheIntervalOfItsTrials() {
    assertThat(Proportion.wilson(0.5, 20)).isEqualTo(new Proportion(10, 20).interval());
  }

  @Test
  void thereAreNoMoreSuccessesThanTrials() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Proportion(3, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new Proportion(-1, 2));
  }
}
