package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.realera.tensor.Noise;

/** Where ESD's walk from noise ends, and what the U-Net is told there. */
class EsdTest {
  private static final long[] GRID = {801, 601, 401, 201, 1};
  private static final int LEVELS = 1000;
  private static final int DRAWS = 200;

  @Test
  void theWalkEndsAtTheTimestepThatTheNetworkIsTold() {
    Set<Integer> lengths = new TreeSet<>();
    for (int seed = 0; seed < DRAWS; seed++) {
      Esd.Stop stop = Esd.stop(new Noise(seed), GRID, LEVELS, false);
      int k = stop.walked().length;
      assertThat(stop.walked()).containsExactly(Arrays.copyOf(GRID, k));
      assertThat(stop.t()).isEqualTo(GRID[k]);
      lengths.add(k);
    }
    assertThat(lengths).containsExactly(0, 1, 2, 3, 4);
  }

  /** It leaves out the noisiest timestep, and t is any within a fifth of the levels. */
  @Test
  void theWalkOfTheScriptGoesOnForOneOrTwoStepsAndNeverBeyondTheLast() {
    long[][] walks = {{601, 401, 201, 1}, {601, 401, 201, 1}, {601, 401, 201}, {601, 401}, {601}};
    Set<Integer> fifths = new TreeSet<>();
    Set<Long> told = new TreeSet<>();
    for (int seed = 0; seed < DRAWS; seed++) {
      Esd.Stop stop = Esd.stop(new Noise(seed), GRID, LEVELS, true);
      assertThat(stop.t()).isBetween(0L, LEVELS - 1L);
      int k = (int) stop.t() / 200;
      assertThat(stop.walked()).as("told %s", stop.t()).containsExactly(walks[k]);
      fifths.add(k);
      told.add(stop.t());
    }
    assertThat(fifths).containsExactly(0, 1, 2, 3, 4);
    assertThat(told).hasSizeGreaterThan(100);
  }
}
