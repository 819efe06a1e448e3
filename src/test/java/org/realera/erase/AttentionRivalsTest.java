package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.files.Json;
import org.realera.golden.Golden;
import org.realera.safetensors.SafetensorsFile;
import org.realera.tensor.ComputeChoice;

/**
 * Whole runs of MACE and Forget-Me-Not against their formulas in one torch program,
 * scripts/golden/rivals_attention.py: both read their cases from rivals-attention-cases.json.
 */
class AttentionRivalsTest {
  /**
   * Of trained weights: 1e-7 to 1e-5 is found, and 1e-4 for the whole U-Net, where AdamW divides
   * gradients by their own size: those that are next to nothing move by their rounding.
   */
  private static final double WEIGHTS = 3e-4;

  private static Golden golden;
  @TempDir Path root;

  @BeforeAll
  static void open() {
    golden = Golden.open("rivals-attention.safetensors");
  }

  @AfterAll
  static void close() {
    golden.close();
  }

  @TestFactory
  Stream<DynamicTest> everyCaseGivesTheNumbersOfTheReference() throws IOException {
    JsonNode cases = Json.read(Golden.path("rivals-attention-cases.json"));
    return cases.path("cases").properties().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getKey(), cases, entry)));
  }

  private void check(String name, JsonNode cases, Map.Entry<String, JsonNode> entry)
      throws IOException {
    Path model = Golden.path(entry.getValue().path("model").asText("tiny-sd"));
    JsonNode base = cases.path(entry.getValue().path("method").asText());
    Path out = root.resolve(name);
    TinyRuns.run(
        new EraseRequest(
            new ModelRef("tiny", model),
            recipe(base, entry.getValue()),
            out,
            ComputeChoice.of("cpu", "fp32"),
            false,
            false));
    losses(name, Json.read(out.resolve(Manifest.FILE)).path("losses"));
    boolean trained = golden.get(name + ".losses").size() > 0;
    weights(name, model, out, trained ? WEIGHTS : 1e-6);
  }

  /** The base's values where a case does not say otherwise. */
  private static EraseRecipe recipe(JsonNode base, JsonNode special) {
    ObjectNode whole = base.deepCopy();
    special
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isObject()) {
                whole.withObject("/" + entry.getKey()).setAll((ObjectNode) entry.getValue());
              } else {
                whole.set(entry.getKey(), entry.getValue());
              }
            });
    whole.remove(List.of("model", "gradients"));
    return RecipeReader.parse("a case", Json.text(whole));
  }

  private static void losses(String name, JsonNode losses) {
    double[] expected = golden.get(name + ".losses").toDoubleArray();
    assertThat(losses).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      double found = Math.abs(losses.get(i).asDouble() - expected[i]) / expected[i];
      show(name, "loss", found);
      assertThat(found).as("loss of step %d", i + 1).isLessThan(1e-5);
    }
  }

  /** Every tensor that the reference changes, and no other, against how far the reference moved. */
  private static void weights(String name, Path model, Path out, double tolerance) {
    Map<String, NDArray> expected = golden.all(name + ".W.");
    double error = 0;
    double moved = 0;
    try (SafetensorsFile before = SafetensorsFile.open(model.resolve(TinyRuns.UNET));
        SafetensorsFile after = SafetensorsFile.open(out.resolve(TinyRuns.UNET))) {
      assertThat(before.tensors().keySet()).containsAll(expected.keySet());
      for (String tensor : before.tensors().keySet()) {
        NDArray original = before.read(tensor, golden.scope());
        NDArray found = after.read(tensor, golden.scope());
        NDArray wanted = expected.get(tensor);
        if (wanted == null) {
          assertThat(found).as(tensor).isEqualTo(original);
        } else {
          error = Math.hypot(error, distance(found, wanted));
          moved = Math.hypot(moved, distance(wanted, original));
        }
      }
    }
    show(name, "weights", error / moved);
    assertThat(error / moved).as("relative error of all weights").isLessThan(tolerance);
  }

  private static double distance(NDArray a, NDArray b) {
    NDArray x = a.toType(DataType.FLOAT64, false);
    return x.sub(b.toType(DataType.FLOAT64, false)).norm().toDoubleArray()[0];
  }

  private static void show(String name, String what, double error) {
    if (Boolean.getBoolean("realera.show-errors")) {
      System.out.printf("%s %s: relative error %.1e%n", name, what, error);
    }
  }
}
