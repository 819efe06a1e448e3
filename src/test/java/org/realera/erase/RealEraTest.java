package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * Whole runs against the method in one torch program, scripts/golden/realera.py: both read their
 * cases from realera-cases.json.
 */
class RealEraTest {
  private static final List<String> COUNTS =
      List.of(
          "/results/samples/neighbors",
          "/results/samples/neighbor_draws",
          "/results/samples/beyond",
          "/results/samples/beyond_draws",
          "/results/samples/erased_rows",
          "/results/samples/kept_rows",
          "/results/prior/prompts");

  private static Golden golden;
  @TempDir Path root;

  @BeforeAll
  static void open() {
    golden = Golden.open("realera.safetensors");
  }

  @AfterAll
  static void close() {
    golden.close();
  }

  @TestFactory
  Stream<DynamicTest> everyCaseGivesTheNumbersOfTheReference() throws IOException {
    JsonNode cases = Json.read(Golden.path("realera-cases.json"));
    return cases.path("cases").properties().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> check(entry.getKey(), cases.path("base"), entry)));
  }

  private void check(String name, JsonNode base, Map.Entry<String, JsonNode> entry)
      throws IOException {
    Path model = Golden.path(entry.getValue().path("model").asText("tiny-sd"));
    EraseRecipe recipe = recipe(base, entry.getValue());
    Path out = root.resolve(name);
    TinyRuns.run(
        new EraseRequest(
            new ModelRef("tiny", model),
            recipe,
            out,
            ComputeChoice.of("cpu", "fp32"),
            false,
            false));
    JsonNode manifest = Json.read(out.resolve(Manifest.FILE));
    assertThat(COUNTS.stream().map(key -> manifest.at(key).asLong()).toList())
        .as("counts of samples")
        .containsExactlyElementsOf(longs(golden.get(name + ".counts")));
    assertThat(manifest.has("losses")).isTrue();
    losses(name, manifest.path("losses"));
    weights(name, model, out, recipe.alignment().enabled());
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
    whole.remove(List.of("model", "paper"));
    EraseRecipe recipe = RecipeReader.parse("a case", Json.text(whole));
    return special.path("paper").asBoolean() ? recipe.paper() : recipe;
  }

  private static void losses(String name, JsonNode losses) {
    double[] expected = golden.get(name + ".losses").toDoubleArray();
    assertThat(losses).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      double found = Math.abs(losses.get(i).asDouble() - expected[i]) / expected[i];
      show(name, "loss", found);
      assertThat(found).as("loss of step %d", i + 1).isLessThan(1e-4);
    }
  }

  /**
   * Every tensor that the reference changes, and no other. The error is measured against how far
   * the reference moved: weights that are hardly moved agree anyway.
   */
  private static void weights(String name, Path model, Path out, boolean aligned) {
    Map<String, NDArray> expected = golden.all(name + ".W.");
    NDArray t = golden.get(name + ".T");
    double tolerance = aligned ? 1e-4 : 1e-6;
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
          if (!aligned) {
            NDArray product = original.toType(DataType.FLOAT64, false).matMul(t);
            assertThat(distance(wanted, product)).as("W = W_org T").isLessThan(1e-6 * norm(wanted));
          }
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

  private static double norm(NDArray a) {
    return a.norm().getFloat();
  }

  private static List<Long> longs(NDArray values) {
    List<Long> out = new ArrayList<>();
    for (long value : values.toLongArray()) {
      out.add(value);
    }
    return out;
  }

  private static void show(String name, String what, double error) {
    if (Boolean.getBoolean("realera.show-errors")) {
      System.out.printf("%s %s: relative error %.1e%n", name, what, error);
    }
  }
}
