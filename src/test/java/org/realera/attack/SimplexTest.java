package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.realera.golden.Golden;

/**
 * Expected projections are those of scripts/golden/attacks.py, which sorts instead of bisecting.
 */
class SimplexTest {
  @Test
  void projectionsAreThoseThatSortingFinds() {
    try (Golden golden = Golden.open("attacks.safetensors")) {
      float[] u = golden.get("simplex.u").toFloatArray();
      float[] expected = golden.get("simplex.projected").toFloatArray();
      int size = u.length / 4;
      for (int row = 0; row < 4; row++) {
        Simplex.project(u, row * size, size);
        double sum = 0;
        for (int i = row * size; i < (row + 1) * size; i++) {
          assertThat(u[i]).isCloseTo(expected[i], within(1e-6f));
          sum += u[i];
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void aRowOfEqualNumbersStaysEvenHoweverLongItIs() {
    float[] u = new float[49_408];
    Arrays.fill(u, 0.01f);
    Simplex.project(u, 0, u.length);
    assertThat(u[0]).isCloseTo(1f / u.length, within(1e-8f));
    assertThat(u[0]).isEqualTo(u[u.length - 1]);
  }

  @Test
  void aNumberFarAboveTheOthersBecomesOne() {
    float[] u = {5, 0.3f, -1};
    Simplex.project(u, 0, 3);
    assertThat(u).containsExactly(new float[] {1, 0, 0}, within(1e-6f));
  }

  @Test
  void aDrawTakesTheTokenInWhoseShareItFalls() {
    float[] u = {9, 0, 0.25f, 0, 0.75f, 9};
    assertThat(Simplex.draw(u, 1, 4, 0)).isEqualTo(1);
    assertThat(Simplex.draw(u, 1, 4, 0.249)).isEqualTo(1);
    assertThat(Simplex.draw(u, 1, 4, 0.25)).isEqualTo(3);
    assertThat(Simplex.draw(u, 1, 4, 0.999_999)).isEqualTo(3);
    assertThat(Simplex.largest(u, 1, 4)).isEqualTo(3);
  }
}
