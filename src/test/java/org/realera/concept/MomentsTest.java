package org.realera.concept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.config.BeyondSettings;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.tensor.Noise;

/** What random points are on average, against drawing them. */
class MomentsTest {
  private static final int DRAWS = 400_000;

  /** Draws of v - e along e, and across it, in so many dimensions; accepted by their cosine. */
  @ParameterizedTest
  @CsvSource({
    // L d, rho, from, to, highest, lowest, partner
    "40, 6.3, 0, 4.5, 0.98, 0.7, 0.6", // as mining
    "40, 6.3, 4.5, 7.0, 0.7, -1, 0", // as beyond
    "40, 2.0, 0, 3.0, 0.9, 0.2, 1.0", // e much shorter than v
    "12, 9.0, 0, 20.0, 1, -1, 2.0", // everything accepted, beyond the origin too
    "3, 1.0, 0.5, 1.5, 0.95, 0.1, 0.3" // hardly a direction across
  })
  void theNumbersAreThoseOfManyDraws(
      int elements,
      double norm,
      double from,
      double to,
      double highest,
      double lowest,
      double partner) {
    Cosines cosines = Cosines.within(lowest, highest);
    Random random = new Random(elements);
    double[] sums = new double[5];
    double[] squares = new double[5];
    int accepted = 0;
    for (int i = 0; i < DRAWS; i++) {
      double g = random.nextGaussian() - norm;
      double q = 0;
      for (int j = 1; j < elements; j++) {
        double v = random.nextGaussian();
        q += v * v;
      }
      double s = Math.sqrt(g * g + q);
      double r = from + random.nextDouble() * (to - from);
      double other = 2 * partner * random.nextDouble();
      double a = r * g / (s * norm);
      double b2q = r * r * q / (s * s);
      double cosine = (1 + a) * norm / Math.sqrt((1 + a) * (1 + a) * norm * norm + b2q);
      if (!cosines.accept(cosine)) {
        continue;
      }
      accepted++;
      int k = elements - 1;
      double[] found = {
        (1 + a) * (1 + a),
        b2q / k,
        1 + a,
        (1 + a) * other * g / (s * norm),
        r * other * q / (s * s) / k
      };
      for (int j = 0; j < found.length; j++) {
        sums[j] += found[j];
        squares[j] += found[j] * found[j];
      }
    }
    Moments m = Moments.of(elements, norm, from, to, cosines, partner);
    double[] expected = {m.own(), m.spread(), m.anchor(), m.along(), m.both()};
    for (int j = 0; j < expected.length; j++) {
      double mean = sums[j] / accepted;
      double error = Math.sqrt(Math.max(0, squares[j] / accepted - mean * mean) / accepted);
      assertThat(expected[j]).as("moment %d", j).isCloseTo(mean, within(4.5 * error + 1e-12));
    }
    double share = (double) accepted / DRAWS;
    assertThat(m.accepted())
        .isCloseTo(share, within(4.5 * Math.sqrt(share * (1 - share) / DRAWS) + 1e-9));
  }

  /** The width of SD v1.4: 56,000 dimensions, where a cosine all but follows from the radius. */
  @Test
  void thePointsOfTheRecipeHaveTheseNumbers() {
    MiningSettings mining = EraseRecipe.DEFAULT.mining();
    BeyondSettings beyond = EraseRecipe.DEFAULT.beyond();
    try (NDManager scope = NDManager.newBaseManager()) {
      Concept.Rows block = Blocks.block(scope, "the", "and", 1);
      double square = norm2(block.e());
      int count = 150;
      Neighbors neighbors = new Neighbors(block, mining);
      long draws;
      double along = 0;
      double size = 0;
      NDArray points = neighbors.mine(count, new Noise(3), scope).sources();
      for (int i = 0; i < count; i++) {
        NDArray point = points.get(i);
        double own = point.mul(block.e()).toType(DataType.FLOAT64, false).sum().getDouble();
        along += own / square / count;
        size += norm2(point) / count;
      }
      Moments m = neighbors.moments();
      assertThat(m.anchor()).isCloseTo(along, within(0.03));
      long k = block.e().size() - 1;
      assertThat((m.own() * square + m.spread() * k) / size).isCloseTo(1, within(0.02));
      draws = new BeyondConcept(block, mining, beyond).sample(count, new Noise(4), some -> {});
      Moments far = new BeyondConcept(block, mining, beyond).moments();
      assertThat(far.accepted()).isCloseTo((double) count / draws, within(0.1));
    }
  }

  private static double norm2(NDArray x) {
    double norm = x.toType(DataType.FLOAT64, false).norm().toDoubleArray()[0];
    return norm * norm;
  }

  @Test
  void thresholdsThatNothingMeetsAreTheSameErrorAsInDrawing() {
    MiningSettings none =
        EraseRecipe.DEFAULT.with(Map.of("mining.s1", 0.3, "mining.s2", 0.2)).mining();
    try (NDManager scope = NDManager.newBaseManager()) {
      Concept.Rows block = Blocks.block(scope, "the", "and", 1);
      assertThatThrownBy(() -> new Neighbors(block, none).moments())
          .isInstanceOf(RealeraException.class)
          .hasMessageContaining("mining neighbors for")
          .hasMessageContaining("give cosines from 1.000 down to");
    }
  }
}
