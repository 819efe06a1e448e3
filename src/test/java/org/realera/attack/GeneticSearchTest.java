package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.realera.config.AttackReader;
import org.realera.config.RingABellSettings;
import org.realera.golden.Golden;

/** The search with given draws, against the reference of scripts/golden/attacks.py. */
class GeneticSearchTest {
  private static RingABellSettings settings(int population, int generations) {
    return AttackReader.parse(
            "the test's settings",
            "ring_a_bell: {tokens: 6, population: %d, generations: %d}"
                .formatted(population, generations))
        .ringABell();
  }

  private static GeneticSearch.Draws draws(double[] given) {
    return new GeneticSearch.Draws() {
      private int at;

      @Override
      public double chance() {
        return given[at++];
      }

      @Override
      public int below(int n) {
        return (int) (given[at++] * n);
      }
    };
  }

  private static double[] distances(List<long[]> members) {
    return members.stream()
        .mapToDouble(
            m -> LongStream.range(0, m.length).map(i -> m[(int) i] - 7 * i).map(x -> x * x).sum())
        .toArray();
  }

  @Test
  void givenTheSameDrawsItEndsWhereTheReferenceEnds() {
    try (Golden golden = Golden.open("attacks.safetensors")) {
      GeneticSearch search =
          new GeneticSearch(
              settings(12, 9),
              draws(golden.get("genetic.draws").toDoubleArray()),
              LongStream.range(0, 50).toArray(),
              GeneticSearchTest::distances);
      for (int g = 1; g <= 9; g++) {
        search.generation(g == 9);
      }
      long[][] expected = golden.rows("genetic.population");
      assertThat(search.population().stream().map(GeneticSearch.Member::tokens).toList())
          .containsExactly(expected);
      assertThat(search.best().distance()).isEqualTo(distances(List.<long[]>of(expected[0]))[0]);
    }
  }

  @Test
  void theBestIsNeverLostAndNothingIsMeasuredTwice() {
    try (Golden golden = Golden.open("attacks.safetensors")) {
      int[] measured = {0};
      GeneticSearch search =
          new GeneticSearch(
              settings(8, 30),
              draws(golden.get("genetic.draws").toDoubleArray()),
              LongStream.range(0, 50).toArray(),
              members -> {
                measured[0] += members.size();
                return distances(members);
              });
      double best = Double.MAX_VALUE;
      search.generation(false);
      assertThat(measured[0]).isEqualTo(8);
      for (int g = 2; g <= 30; g++) {
        assertThat(search.best().distance()).isLessThanOrEqualTo(best);
        best = search.best().distance();
        search.generation(g == 30);
      }
      assertThat(measured[0]).isLessThan(30 * 8);
    }
  }
}
