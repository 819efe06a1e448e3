package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.SchedulerConfig;
import org.realera.files.Json;
import org.realera.golden.Corpus;
import org.realera.golden.Golden;

/** Against diffusers' DDIMScheduler: scripts/golden/schedulers.py. */
class DdimSchedulerTest {
  @TempDir Path folder;

  static List<Named<JsonNode>> cases() throws IOException {
    List<Named<JsonNode>> cases = new ArrayList<>();
    for (JsonNode entry : new ObjectMapper().readTree(Golden.path("ddim.json").toFile())) {
      cases.add(Named.of(entry.get("steps") + " steps, case " + cases.size(), entry));
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void timestepsAndStepsAreThoseOfDiffusers(JsonNode expected) throws IOException {
    assertRun(DdimScheduler.of(config(expected.get("config"))), expected);
  }

  private static void assertRun(DdimScheduler scheduler, JsonNode expected) {
    int steps = expected.get("steps").asInt();
    long[] timesteps = scheduler.timesteps(steps);
    assertThat(timesteps).containsExactly(longs(expected.get("timesteps")));
    for (int i = 0; i < steps; i++) {
      // torch's running product differs in the last bits from one kind of CPU to another
      assertThat(scheduler.alphasCumprod(timesteps[i]))
          .isCloseTo(expected.get("alpha_bars").get(i).floatValue(), withinPercentage(1e-4));
    }
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray x = scope.linspace(-1, 1, 8).reshape(1, 4, 1, 2);
      NDArray output = scope.linspace(0.9f, -0.7f, 8).reshape(1, 4, 1, 2);
      x = scheduler.step(scope, output, timesteps[0], steps, x);
      assertClose(x, expected.get("after").get(0));
      x = scheduler.step(scope, output, timesteps[steps - 1], steps, x);
      assertClose(x, expected.get("after").get(1));
      NDArray noised =
          scheduler.addNoise(
              scope,
              scope.ones(new Shape(1, 1)),
              scope.full(new Shape(1, 1), 2f),
              timesteps[steps - 1]);
      assertThat(noised.getFloat())
          .isCloseTo(expected.get("noised").floatValue(), withinPercentage(1e-4));
    }
  }

  /** The files that a case's expectation stands beside; made by the same script. */
  static List<Path> published() {
    return Corpus.files("scheduler", ".expected.json");
  }

  @ParameterizedTest
  @MethodSource("published")
  void whateverSchedulerAFolderHasItIsSampledAsThePipelineDoesWithDdim(Path file)
      throws IOException {
    JsonNode expected = Json.read(Corpus.beside(file, ".expected.json"));
    assertRun(DdimScheduler.of(SchedulerConfig.read(file)), expected);
  }

  static List<Path> refused() {
    return Corpus.files("scheduler", ".refused.txt");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsNotSupportedIsRefusedByFileAndKey(Path file) {
    Corpus.assertRefused(file, () -> SchedulerConfig.read(file));
  }

  @Test
  void eachSampleIsNoisedToItsOwnTimestep() throws IOException {
    DdimScheduler scheduler = DdimScheduler.of(sd());
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray noised =
          scheduler.addNoise(
              scope, scope.ones(new Shape(2, 4, 1, 1)), scope.zeros(new Shape(2, 4, 1, 1)), 0, 999);
      assertThat(noised.get(0).toFloatArray()[0]).isCloseTo(0.9996f, within(1e-4f));
      assertThat(noised.get(1).toFloatArray()[0]).isCloseTo(0.0683f, within(1e-4f));
    }
  }

  @Test
  void moreStepsThanNoiseLevelsAreAUsageError() throws IOException {
    DdimScheduler scheduler = DdimScheduler.of(sd());
    assertThatThrownBy(() -> scheduler.timesteps(1001))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("1001 steps");
    assertThatThrownBy(() -> scheduler.timesteps(Integer.MAX_VALUE))
        .hasMessageContaining("2147483647 steps");
    // with steps_offset 1 the first timestep would be 1000, one too many
    assertThat(
            catchThrowableOfType(RealeraException.class, () -> scheduler.timesteps(1000)).remedy())
        .isEqualTo("Use --steps between 1 and 999.");
    assertThat(scheduler.timesteps(999)[0]).isEqualTo(999);
  }

  private SchedulerConfig sd() throws IOException {
    return config(
        new ObjectMapper().readTree(Golden.path("ddim.json").toFile()).get(0).get("config"));
  }

  private SchedulerConfig config(JsonNode json) throws IOException {
    Path file = folder.resolve("scheduler_config.json");
    Files.writeString(file, json.toString());
    return SchedulerConfig.read(file);
  }

  private static void assertClose(NDArray actual, JsonNode expected) {
    float[] numbers = actual.toFloatArray();
    for (int i = 0; i < numbers.length; i++) {
      assertThat(numbers[i]).isCloseTo(expected.get(i).floatValue(), within(1e-5f));
    }
  }

  private static long[] longs(JsonNode array) {
    long[] numbers = new long[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.get(i).asLong();
    }
    return numbers;
  }
}
