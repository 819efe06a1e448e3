package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.files.Json;
import org.realera.golden.Golden;
import org.realera.safetensors.SafetensorsFile;
import org.realera.tensor.Engine;

/**
 * SPM, stopped after each concept's first step and resumed, against the torch program of
 * scripts/golden/rivals_spm.py; both read their cases from rivals-spm-cases.json. And what it does
 * on the miniature model.
 */
class SpmTest {
  /** AdamW's first moment after one step is this part of the gradient. */
  private static final double MOMENT = 0.1;

  /** Of weights, against their movement: 1e-5 to 9e-5 is found, and Adam makes much of rounding. */
  private static final double WEIGHTS = 2e-4;

  private static Golden golden;
  @TempDir Path root;

  @BeforeAll
  static void open() {
    golden = Golden.open("rivals-spm.safetensors");
  }

  @AfterAll
  static void close() {
    golden.close();
  }

  private static Model model(String name) {
    return new Model(Checkpoint.open(Golden.path(name)), Engine.compute("cpu", "fp32"));
  }

  @TestFactory
  Stream<DynamicTest> everyCaseGivesTheNumbersOfTheReference() {
    JsonNode cases = Json.read(Golden.path("rivals-spm-cases.json"));
    return cases.path("cases").properties().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> check(entry.getKey(), cases, entry.getValue())));
  }

  private void check(String name, JsonNode cases, JsonNode special) throws IOException {
    ObjectNode whole = cases.path("base").deepCopy();
    whole.setAll((ObjectNode) special);
    whole.remove("model");
    EraseRecipe recipe = RecipeReader.parse("a case", Json.text(whole));
    Path state = state(name);
    try (Model model = model(special.path("model").asText("tiny-sd"));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Spm spm = new Spm();
      for (int i = 0; i < recipe.concepts().size(); i++) {
        RecordingRun stopped = new RecordingRun(state, i == 0 ? 1 : whole.path("steps").asInt());
        assertThatThrownBy(() -> spm.erase(model, recipe, stopped, scope))
            .isInstanceOf(RecordingRun.Stopped.class);
        gradients(name, i, state.resolve("spm-" + i + ".safetensors"));
      }
      RecordingRun run = new RecordingRun(state);
      Map<String, NDArray> found = spm.erase(model, recipe, run, scope).tensors();
      losses(name, run);
      weights(name, model, found);
    }
  }

  private static void gradients(String name, int concept, Path saved) {
    String end = concept + ".";
    Map<String, NDArray> norms = golden.all(name + ":gradient-norm." + end);
    Map<String, NDArray> some = golden.all(name + ":gradient." + end);
    assertThat(some).isNotEmpty();
    double squares = 0;
    double error = 0;
    try (SafetensorsFile file = SafetensorsFile.open(saved)) {
      for (String tensor : norms.keySet()) {
        double expected = norms.get(tensor).getDouble();
        squares += expected * expected;
        NDArray slope = file.read("adamw.exp_avg." + tensor, golden.scope()).div((float) MOMENT);
        error = Math.max(error, Math.abs(norm(slope) - expected));
        NDArray values = some.get(tensor);
        if (values != null) {
          error = Math.max(error, norm(slope.sub(values)));
        }
      }
    }
    double whole = Math.sqrt(squares);
    show(name, "gradient", error / whole);
    assertThat(error / whole).as("gradients of the first step").isLessThan(1e-5);
  }

  private static void losses(String name, RecordingRun run) {
    double[] expected = golden.get(name + ":losses").toDoubleArray();
    assertThat(run.losses).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      show(name, "loss " + (i + 1), Math.abs(run.losses.get(i) / expected[i] - 1));
      assertThat(run.losses.get(i))
          .as("loss of step %d", i + 1)
          .isCloseTo(expected[i], within((i == 0 ? 1e-5 : 1e-4) * expected[i]));
    }
  }

  /** The error is measured against how far the reference moved. */
  private static void weights(String name, Model model, Map<String, NDArray> found) {
    Map<String, NDArray> moves = golden.all(name + ":moved.");
    Map<String, NDArray> deltas = golden.all(name + ":delta.");
    assertThat(deltas).isNotEmpty();
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(moves.keySet());
    double error = 0;
    double moved = 0;
    for (String tensor : moves.keySet()) {
      NDArray delta = found.get(tensor).sub(model.unetWeights().read(tensor, golden.scope()));
      double expected = moves.get(tensor).getDouble();
      moved = Math.hypot(moved, expected);
      error = Math.hypot(error, norm(delta) - expected);
      if (deltas.containsKey(tensor)) {
        error = Math.hypot(error, norm(delta.sub(deltas.get(tensor))));
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

  private Path state(String name) throws IOException {
    return Files.createDirectory(root.resolve(name));
  }

  private static EraseRecipe recipe(String more) {
    return RecipeReader.parse(
        "a test",
        "method: spm\n"
            + "concepts: [{concept: house, anchor: the city}, {concept: game, anchor: world}]\n"
            + "steps: 2\n"
            + "warmup_steps: 0\n"
            + "sampler_steps: 3\n"
            + "learning_rate: 1e-2\n"
            + more);
  }

  private static Map<String, float[]> erase(EraseRecipe recipe, RecordingRun run) {
    try (Model model = model("tiny-sd");
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Map<String, float[]> weights = new TreeMap<>();
      new Spm()
          .erase(model, recipe, run, scope)
          .tensors()
          .forEach((name, values) -> weights.put(name, values.toFloatArray()));
      return weights;
    }
  }

  private static boolean same(Map<String, float[]> a, Map<String, float[]> b) {
    return a.keySet().equals(b.keySet())
        && a.keySet().stream().allMatch(n -> Arrays.equals(a.get(n), b.get(n)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aStoppedRunGoesOnToTheSameBytes(int stopAfter) throws IOException {
    EraseRecipe recipe = recipe("");
    Map<String, float[]> whole = erase(recipe, new RecordingRun(state("whole")));
    Path state = state("stopped");
    RecordingRun stopped = new RecordingRun(state, stopAfter);
    assertThatThrownBy(() -> erase(recipe, stopped)).isInstanceOf(RecordingRun.Stopped.class);
    assertThat(state.resolve(new Spm().stateFile())).exists();
    assertThat(same(erase(recipe, new RecordingRun(state)), whole)).isTrue();
  }

  @Test
  void theSeedDecidesTheWeights() throws IOException {
    Map<String, float[]> one = erase(recipe("seed: 1\n"), new RecordingRun(state("one")));
    Map<String, float[]> again = erase(recipe("seed: 1\n"), new RecordingRun(state("again")));
    Map<String, float[]> other = erase(recipe("seed: 2\n"), new RecordingRun(state("other")));
    assertThat(same(again, one)).isTrue();
    assertThat(same(other, one)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"empty, true", "anchor, false"})
  void theAnchorHasAPartOnlyWhereItIsTheGuide(String guide, boolean alike) throws IOException {
    String settings = "guide: " + guide + "\nanchors: 1\n";
    EraseRecipe recipe = recipe(settings);
    EraseRecipe other =
        recipe.with(
            "concepts",
            recipe.concepts().stream()
                .map(pair -> new ConceptPair(pair.concept(), "family"))
                .toList());
    Map<String, float[]> found = erase(recipe, new RecordingRun(state("one")));
    assertThat(same(erase(other, new RecordingRun(state("other"))), found)).isEqualTo(alike);
  }

  @Test
  void anchoringChangesWhatIsLearnedAndTheRunIsToldOfAllSteps() throws IOException {
    RecordingRun run = new RecordingRun(state("held"));
    Map<String, float[]> held = erase(recipe("anchor_strength: 1000\n"), run);
    Map<String, float[]> free =
        erase(recipe("anchor_strength: 0\n"), new RecordingRun(state("free")));
    assertThat(same(held, free)).isFalse();
    assertThat(run.steps.get(Stage.TRAINING)).isEqualTo(4);
    assertThat(run.done.get(Stage.TRAINING)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(run.notes).anyMatch(note -> note.contains("facilitated transport"));
  }

  @Test
  void thePlanSaysWhatIsNotThere() {
    EraseRecipe recipe = recipe("anchors: 4\n");
    assertThat(new Spm().plan(recipe))
        .anyMatch(line -> line.contains("facilitated transport"))
        .anyMatch(line -> line.contains("36 passes of a latent through the U-Net, and 20 with"));
  }

  @Test
  void whatHasNoPlaceInTheMethodIsRefused() {
    assertThatThrownBy(() -> recipe("preserve: [family]\n"))
        .isInstanceOf(RealeraException.class)
        .hasMessageEndingWith("preserve has \"family\", but spm has no term that keeps a concept");
  }

  @ParameterizedTest
  @CsvSource({
    "rank=0, rank is 0",
    "sampler_steps=1, sampler_steps is 1",
    "anchor_strength=-1, anchor_strength is -1",
    "cycles=0, cycles is 0",
    "guide=nothing, 'guide must be one of anchor, empty'"
  })
  void aSettingThatIsNoneIsRefused(String setting, String message) {
    assertThatThrownBy(() -> RecipeReader.builtIn("object", MethodName.SPM, List.of(setting)))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message);
  }
}
