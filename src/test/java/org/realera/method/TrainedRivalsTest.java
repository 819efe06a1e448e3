package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.files.Json;
import org.realera.golden.Golden;
import org.realera.safetensors.SafetensorsFile;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/**
 * The methods that train, stopped after the first step and resumed, against the torch programs of
 * scripts/golden/rivals_trained.py: both read their cases from rivals-trained-cases.json.
 */
class TrainedRivalsTest {
  /**
   * Of weights, against their movement: about 1e-5 to 1e-4 is found. Adam divides gradients by
   * their own size, so that those that are next to nothing move by their rounding.
   */
  private static final double WEIGHTS = 3e-4;

  /** AdamW's first moment after one step is this part of the gradient. */
  private static final double MOMENT = 0.1;

  private static Golden golden;
  @TempDir Path root;

  @BeforeAll
  static void open() {
    golden = Golden.open("rivals-trained.safetensors");
  }

  @AfterAll
  static void close() {
    golden.close();
  }

  @TestFactory
  Stream<DynamicTest> everyCaseGivesTheNumbersOfTheReference() throws IOException {
    JsonNode cases = Json.read(Golden.path("rivals-trained-cases.json"));
    return cases.path("cases").properties().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> check(entry.getKey(), cases, entry.getValue())));
  }

  private void check(String name, JsonNode cases, JsonNode special) throws IOException {
    EraseRecipe recipe = recipe(cases, special);
    Path state = Files.createDirectory(root.resolve(name));
    try (Model model =
            new Model(
                Checkpoint.open(Golden.path(special.path("model").asText("tiny-sd"))),
                Engine.compute("cpu", "fp32"));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Method method = Methods.of(recipe.method());
      try {
        method.erase(model, recipe, new RecordingRun(state, 1 + fisher(special, cases)), scope);
        throw new AssertionError("not stopped");
      } catch (RecordingRun.Stopped stopped) {
        assertThat(state.resolve(method.stateFile())).exists();
      }
      gradients(name, state.resolve("training.safetensors"));
      if (recipe.method().label().equals("sa")) {
        fishers(name, state.resolve(method.stateFile()));
      }
      RecordingRun resumed = new RecordingRun(state);
      Edits edits = method.erase(model, recipe, resumed, scope);
      losses(name, resumed);
      weights(name, model, edits.tensors());
    }
  }

  /** Steps with a loss before the training: samples of the Fisher information. */
  private static int fisher(JsonNode special, JsonNode cases) {
    JsonNode standard = cases.path("methods").path(special.path("method").asText());
    return special.path("replay_images").asInt(standard.path("replay_images").asInt());
  }

  private static EraseRecipe recipe(JsonNode cases, JsonNode special) {
    ObjectNode whole = cases.path("base").deepCopy();
    whole.setAll((ObjectNode) cases.path("methods").path(special.path("method").asText()));
    whole.setAll((ObjectNode) special);
    whole.remove("model");
    return RecipeReader.parse("a case", Json.text(whole));
  }

  private static void gradients(String name, Path saved) {
    Map<String, NDArray> norms = golden.all(name + ":gradient-norm.");
    Map<String, NDArray> some = golden.all(name + ":gradient.");
    double squares = 0;
    for (NDArray norm : norms.values()) {
      squares += norm.getDouble() * norm.getDouble();
    }
    double whole = Math.sqrt(squares);
    assertThat(whole).isPositive();
    double error = 0;
    try (SafetensorsFile file = SafetensorsFile.open(saved)) {
      assertThat(norms).isNotEmpty();
      for (String tensor : norms.keySet()) {
        NDArray moment = file.read("adamw.exp_avg." + tensor, golden.scope());
        error = Math.max(error, Math.abs(norm(moment) / MOMENT - norms.get(tensor).getDouble()));
        NDArray values = some.get(tensor);
        if (values != null) {
          error = Math.max(error, norm(moment.div((float) MOMENT).sub(values)));
        }
      }
    }
    show(name, "gradient", error / whole);
    assertThat(error / whole).as("gradients of the first step").isLessThan(1e-5);
  }

  private static void fishers(String name, Path saved) {
    try (SafetensorsFile file = SafetensorsFile.open(saved)) {
      double all = 0;
      double error = 0;
      for (Map.Entry<String, NDArray> sum : golden.all(name + ":fisher.").entrySet()) {
        double found = 0;
        for (float value : file.read(sum.getKey(), golden.scope()).toFloatArray()) {
          found += value;
        }
        all += sum.getValue().getDouble();
        error += Math.abs(found - sum.getValue().getDouble());
      }
      show(name, "fisher", error / all);
      assertThat(error / all).as("Fisher information").isLessThan(1e-4);
    }
  }

  private static void losses(String name, RecordingRun run) {
    double[] expected = golden.get(name + ":losses").toDoubleArray();
    assertThat(run.losses).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      double tolerance = i == 0 ? 1e-5 : 1e-3;
      show(name, "loss", Math.abs(run.losses.get(i) / expected[i] - 1));
      assertThat(run.losses.get(i))
          .as("loss of step %d", i + 1)
          .isCloseTo(expected[i], within(tolerance * expected[i]));
    }
  }

  /** The error is measured against how far the reference moved. */
  private static void weights(String name, Model model, Map<String, NDArray> found) {
    Map<String, NDArray> moves = golden.all(name + ":moved.");
    Map<String, NDArray> values = golden.all(name + ":W.");
    assertThat(found.keySet()).containsExactlyElementsOf(moves.keySet());
    double error = 0;
    double moved = 0;
    for (String tensor : moves.keySet()) {
      NDArray original = model.unetWeights().read(tensor, golden.scope());
      double expected = moves.get(tensor).getDouble();
      moved = Math.hypot(moved, expected);
      NDArray w = found.get(tensor);
      error = Math.hypot(error, norm(w.sub(original)) - expected);
      if (values.containsKey(tensor)) {
        error = Math.hypot(error, norm(w.sub(values.get(tensor))));
      }
    }
    show(name, "weights", error / moved);
    assertThat(error / moved).as("relative error of all weights").isLessThan(WEIGHTS);
  }

  private static double norm(NDArray values) {
    double squares = 0;
    for (float value : values.toFloatArray()) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private static void show(String name, String what, double error) {
    if (Boolean.getBoolean("realera.show-errors")) {
      System.out.printf("%s %s: relative error %.1e%n", name, what, error);
    }
  }
}
