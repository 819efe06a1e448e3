package org.realera.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.realera.tensor.Engine;
import org.realera.tensor.NativeFloats;

/** Golden data: scripts/golden/adamw.py. */
class AdamWTest {
  @BeforeAll
  static void engine() {
    Engine.init();
  }

  private static JsonNode cases() throws IOException {
    try (InputStream in = AdamWTest.class.getResourceAsStream("/golden/adamw/adamw.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  @Test
  void twelveStepsFollowTorchToFloat32Rounding() throws IOException {
    for (JsonNode c : cases()) {
      AdamW adamW =
          new AdamW(AdamW.Settings.of(c.get("lr").asDouble(), c.get("weight_decay").asDouble()));
      Map<String, NativeFloats> parameters = tensors(c.get("start"));
      for (JsonNode step : c.get("steps")) {
        Map<String, NativeFloats> gradients = tensors(step.get("gradients"));
        double norm = AdamW.clip(gradients, c.get("max_norm").asDouble());
        if (!step.get("norm").isNull()) {
          assertThat(norm).isCloseTo(step.get("norm").asDouble(), within(1e-5 * norm));
        }
        adamW.step(parameters, gradients);
        tensors(step.get("parameters"))
            .forEach(
                (name, expected) ->
                    assertThat(parameters.get(name).toArray())
                        .as(name + " after step " + adamW.steps())
                        .usingComparatorWithPrecision(2e-6f)
                        .containsExactly(expected.toArray()));
      }
    }
  }

  @Test
  void stateHandedOverGoesOnAsIfNothingHadHappened() throws IOException {
    JsonNode c = cases().get(0);
    AdamW.Settings settings = AdamW.Settings.of(0.01, 0.01);
    Map<String, NativeFloats> straight = tensors(c.get("start"));
    AdamW uninterrupted = new AdamW(settings);
    Map<String, NativeFloats> broken = tensors(c.get("start"));
    AdamW resumed = new AdamW(settings);
    for (JsonNode step : c.get("steps")) {
      uninterrupted.step(straight, tensors(step.get("gradients")));
      resumed =
          new AdamW(settings, resumed.steps(), resumed.firstMoments(), resumed.secondMoments());
      resumed.step(broken, tensors(step.get("gradients")));
    }
    assertThat(straight).isNotEmpty();
    straight.forEach(
        (name, values) -> assertThat(broken.get(name).toArray()).isEqualTo(values.toArray()));
  }

  @Test
  void clippingLeavesSmallGradientsAloneAndReportsTheNorm() {
    Map<String, NativeFloats> gradients = Map.of("a", NativeFloats.of(3), "b", NativeFloats.of(4));
    assertThat(AdamW.clip(gradients, 6)).isEqualTo(5);
    assertThat(gradients.get("a").toArray()).containsExactly(3);
    assertThat(AdamW.clip(gradients, 0)).isEqualTo(5);
    assertThat(gradients.get("b").toArray()).containsExactly(4);
    assertThat(AdamW.clip(gradients, 1)).isEqualTo(5);
    assertThat(gradients.get("b").toArray()[0]).isCloseTo(0.8f, within(1e-6f));
  }

  /** A row is worked on a block at a time. */
  @Test
  void clippingSeesAllBlocksOfARow() {
    int last = NativeFloats.BLOCK;
    float[] values = new float[last + 1];
    values[0] = 4;
    values[last] = 3;
    NativeFloats row = NativeFloats.of(values);
    assertThat(AdamW.clip(Map.of("a", row), 1)).isEqualTo(5);
    float[] clipped = row.toArray();
    assertThat(clipped[0]).isCloseTo(0.8f, within(1e-6f));
    assertThat(clipped[last]).isCloseTo(0.6f, within(1e-6f));
    assertThat(Arrays.copyOfRange(clipped, 1, last)).containsOnly(0);
  }

  /** The gradient's sign, until its size changes: what was kept of each number is its own. */
  @Test
  void stepsGoThroughAllBlocksOfARow() {
    int last = NativeFloats.BLOCK;
    float[] slopes = new float[last + 1];
    slopes[0] = 2;
    slopes[last] = -3;
    AdamW adamW = new AdamW(AdamW.Settings.of(0.1, 0));
    float[] row = new float[last + 1];
    for (int step = 1; step <= 2; step++) {
      adamW.step("a", row, slopes);
      assertThat(row[0]).isCloseTo(-0.1f * step, within(1e-5f));
      assertThat(row[last]).isCloseTo(0.1f * step, within(1e-5f));
      assertThat(Arrays.copyOfRange(row, 1, last)).containsOnly(0);
    }
  }

  /** A first step is learning rate times g / (|g| + epsilon). */
  @Test
  void epsilonHoldsBackStepsOnTinyGradients() {
    AdamW adamW = new AdamW(AdamW.Settings.of(0.1, 0));
    float[] parameter = new float[3];
    adamW.step("a", parameter, new float[] {1e-8f, -3e-8f, 0});
    assertThat(parameter[0]).isCloseTo(-0.05f, within(1e-6f));
    assertThat(parameter[1]).isCloseTo(0.075f, within(1e-6f));
    assertThat(parameter[2]).isZero();
    assertThat(adamW.firstMoments()).containsOnlyKeys("a");
  }

  /** torch divides by the norm plus 1e-6. */
  @Test
  void clippingOfTinyGradientsIsTorchs() {
    Map<String, NativeFloats> gradients = Map.of("a", NativeFloats.of(1e-6f));
    assertThat(AdamW.clip(gradients, 1e-6)).isCloseTo(1e-6, within(1e-12));
    assertThat(gradients.get("a").toArray()[0]).isCloseTo(0.5e-6f, within(1e-10f));
  }

  @Test
  void everyParameterNeedsItsGradient() {
    AdamW adamW = new AdamW(AdamW.Settings.of(0.1, 0));
    Map<String, NativeFloats> parameters = Map.of("a", NativeFloats.zeros(2));
    for (Map<String, NativeFloats> bad :
        List.of(Map.of("b", NativeFloats.zeros(2)), Map.of("a", NativeFloats.zeros(1)))) {
      assertThatThrownBy(() -> adamW.step(parameters, bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("gradient of the length of a");
    }
  }

  private static Map<String, NativeFloats> tensors(JsonNode node) {
    Map<String, NativeFloats> out = new TreeMap<>();
    node.properties()
        .forEach(
            e -> {
              float[] values = new float[e.getValue().size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) e.getValue().get(i).asDouble();
              }
              out.put(e.getKey(), NativeFloats.of(values));
            });
    return out;
  }
}
