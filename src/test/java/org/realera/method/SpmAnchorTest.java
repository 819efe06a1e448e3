package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.realera.tensor.Noise;

/**
 * SPM's random embeddings where many are drawn anew: in two dimensions. In those of a text encoder
 * any two are all but at right angles.
 */
class SpmAnchorTest {
  private static final int DRAWS = 2_000;

  /** c = (3, 4); each draw's cosine to it and length, the same in every run. */
  private static double[][] draws() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray c = scope.create(new float[] {3, 4});
      Noise noise = new Noise(7);
      return IntStream.range(0, DRAWS)
          .mapToObj(
              i -> {
                float[] e = Spm.anchor(c, noise, scope).toFloatArray();
                double length = Math.hypot(e[0], e[1]);
                return new double[] {(3 * e[0] + 4 * e[1]) / (5 * length), length};
              })
          .toArray(double[][]::new);
    }
  }

  /**
   * At an angle a to c a draw stays with the chance 1 - cos a, or always where that is 1 or more.
   * So within 60 degrees lie (pi/3 - sin 60) / (pi/2 - 1 + pi/2) of those that stay, 8.5 %, and
   * within 90 degrees 26.7 %; of all that are drawn these are 33 % and 50 %.
   */
  @Test
  void theNearerToTheConceptTheRatherADrawIsMadeAnew() {
    double[][] draws = draws();
    assertThat(share(draws, 0.5)).isCloseTo(0.085, within(0.02));
    assertThat(share(draws, 0)).isCloseTo(0.267, within(0.03));
  }

  private static double share(double[][] draws, double nearer) {
    return (double) IntStream.range(0, DRAWS).filter(i -> draws[i][0] > nearer).count() / DRAWS;
  }

  @Test
  void theirLengthsLieEvenlyAroundThatOfTheConcept() {
    double[] lengths = Arrays.stream(draws()).mapToDouble(draw -> draw[1]).sorted().toArray();
    assertThat(lengths[0]).isCloseTo(4, within(0.02)).isGreaterThan(4 - 1e-4);
    assertThat(lengths[DRAWS / 4]).isCloseTo(4.5, within(0.1));
    assertThat(lengths[DRAWS / 2]).isCloseTo(5, within(0.1));
    assertThat(lengths[DRAWS - 1]).isCloseTo(6, within(0.02)).isLessThan(6 + 1e-4);
  }
}
