package org.realera.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.scorer.Scorer.Scores;

class ScoresTest {
  @Test
  void probabilitiesAreASoftmaxWhateverIsAddedToAll() {
    Scores scores = new Scores(List.of(Math.log(1), Math.log(3), Math.log(4)), null);
    assertThat(scores.probability(0)).isCloseTo(0.125, within(1e-12));
    assertThat(scores.probability(2)).isCloseTo(0.5, within(1e-12));
    assertThat(new Scores(List.of(5000.0, 5000.0), null).probability(1)).isEqualTo(0.5);
  }
}
