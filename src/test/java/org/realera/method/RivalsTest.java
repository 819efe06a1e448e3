package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.realera.tensor.Engine;

/**
 * UCE, RECE, SPEED by their public code, run as it is, and OCE by its formulas in torch:
 * scripts/golden/rivals_closed.py. Both sides read their cases from rivals-closed-cases.json.
 */
class RivalsTest {
  private static final double TOLERANCE = 1e-5;
  private static final Path POCKET = Path.of("src/main/resources/org/realera/pocket/model");

  private static Golden golden;
  @TempDir Path root;

  @BeforeAll
  static void open() {
    golden = Golden.open("rivals-closed.safetensors");
  }

  @AfterAll
  static void close() {
    golden.close();
  }

  @TestFactory
  Stream<DynamicTest> everyCaseGivesTheWeightsOfThePublicCode() {
    JsonNode cases = Json.read(Golden.path("rivals-closed-cases.json"));
    return cases.path("cases").properties().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> check(entry.getKey(), entry.getValue())));
  }

  /** The error is measured against how far the public code moved the weights. */
  private void check(String name, JsonNode described) {
    EraseRecipe recipe = recipe((ObjectNode) described.deepCopy());
    String model = described.path("model").asText("tiny-sd");
    boolean projected = model.equals("pocket");
    Map<String, NDArray> expected = golden.all(name + ".");
    double error = 0;
    double moved = 0;
    try (Model opened =
            new Model(
                Checkpoint.open(projected ? POCKET : Golden.path(model)),
                Engine.compute("cpu", "fp32"));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Map<String, NDArray> found =
          Methods.of(recipe.method())
              .erase(opened, recipe, new RecordingRun(root), scope)
              .tensors();
      assertThat(found).containsOnlyKeys(expected.keySet());
      for (String tensor : found.keySet()) {
        NDArray before = wide(opened.unetWeights().read(tensor, scope));
        NDArray now = wide(Objects.requireNonNull(found.get(tensor)));
        NDArray wanted = wide(Objects.requireNonNull(expected.get(tensor)));
        if (projected) {
          NDArray r = wide(golden.get("r." + tensor));
          before = before.matMul(r);
          now = now.matMul(r);
        }
        error = Math.hypot(error, distance(now, wanted));
        moved = Math.hypot(moved, distance(wanted, before));
      }
    }
    if (Boolean.getBoolean("realera.show-errors")) {
      System.out.printf("%s: relative error %.1e%n", name, error / moved);
    }
    assertThat(error / moved).as("relative error of all weights").isLessThan(TOLERANCE);
  }

  /** A case's keys are those of a recipe, but for its concepts, which are pairs, and the file. */
  private static EraseRecipe recipe(ObjectNode described) {
    described.remove("model");
    ArrayNode concepts = Json.object().arrayNode();
    for (JsonNode pair : described.path("concepts")) {
      concepts.add(
          Json.object().put("concept", pair.get(0).asText()).put("anchor", pair.get(1).asText()));
    }
    described.set("concepts", concepts);
    String method = described.path("method").asText();
    if (List.of("uce", "uce-2023", "oce").contains(method) && !described.has("expand_prompts")) {
      described.putArray("expand_prompts");
    }
    if (method.equals("speed")) {
      described.put("prior_prompts", 0);
    }
    JsonNode file = described.remove("prior_captions");
    if (file != null) {
      described
          .putObject("prior")
          .put("captions", Golden.path(file.asText()).toString())
          .putArray("without");
    }
    return RecipeReader.parse("a case", Json.text(described));
  }

  private static NDArray wide(NDArray array) {
    return array.toType(DataType.FLOAT64, false);
  }

  private static double distance(NDArray a, NDArray b) {
    return a.sub(b).norm().toDoubleArray()[0];
  }
}
