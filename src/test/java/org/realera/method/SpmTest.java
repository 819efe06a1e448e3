package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.diffusion.Membrane;
import org.realera.diffusion.SpmFile;
import org.realera.tensor.Edits;

/** What SPM does on the miniature model, beside its numbers: those are in TrainedRivalsTest. */
class SpmTest extends TinyModelTests {
  private static @Nullable Map<String, float[]> whole;

  @AfterAll
  static void forget() {
    whole = null;
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
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
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
    if (whole == null) {
      whole = erase(recipe, new RecordingRun(folder("whole")));
    }
    Path state = folder("stopped");
    RecordingRun stopped = new RecordingRun(state, stopAfter);
    assertThatThrownBy(() -> erase(recipe, stopped)).isInstanceOf(RecordingRun.Stopped.class);
    assertThat(state.resolve("spm-0.safetensors")).exists();
    assertThat(same(erase(recipe, new RecordingRun(state)), whole)).isTrue();
  }

  @Test
  void theSeedDecidesTheWeights() throws IOException {
    Map<String, float[]> one = erase(recipe("seed: 1\n"), new RecordingRun(folder("one")));
    Map<String, float[]> again = erase(recipe("seed: 1\n"), new RecordingRun(folder("again")));
    Map<String, float[]> other = erase(recipe("seed: 2\n"), new RecordingRun(folder("other")));
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
    Map<String, float[]> found = erase(recipe, new RecordingRun(folder("one")));
    assertThat(same(erase(other, new RecordingRun(folder("other"))), found)).isEqualTo(alike);
  }

  @Test
  void anchoringChangesWhatIsLearnedAndTheRunIsToldOfAllSteps() throws IOException {
    RecordingRun run = new RecordingRun(folder("held"));
    Map<String, float[]> held = erase(recipe("anchor_strength: 1000\n"), run);
    Map<String, float[]> free =
        erase(recipe("anchor_strength: 0\n"), new RecordingRun(folder("free")));
    assertThat(same(held, free)).isFalse();
    assertThat(run.steps.get(Stage.TRAINING)).isEqualTo(4);
    assertThat(run.done.get(Stage.TRAINING)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(run.notes).anyMatch(note -> note.contains("facilitated transport"));
  }

  @Test
  void theAdaptersAreKeptBesideTheWeightsThatHoldTheirSum() throws IOException {
    RecordingRun run = new RecordingRun(folder("kept"));
    Map<String, float[]> merged = erase(recipe("rank: 2\n"), run);
    SpmFile.write(root.resolve(SpmFile.NAME), run.adapters);
    SpmFile file = SpmFile.read(root, model.checkpoint());
    assertThat(file.source().concepts()).containsExactly("house", "game");
    assertThat(file.membranes().get(0).parameters()).hasSize(2 * merged.size());
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      for (String name : merged.keySet()) {
        NDArray sum = model.unetWeights().read(name, scope);
        for (Membrane membrane : file.membranes()) {
          NDArray a = tensor(membrane, Edits.module(name) + Edits.LORA_A, scope);
          NDArray b = tensor(membrane, Edits.module(name) + Edits.LORA_B, scope);
          NDArray low = a.reshape(2, a.size() / 2);
          sum = sum.add(b.reshape(b.size() / 2, 2).matMul(low).reshape(sum.getShape()));
        }
        assertThat(sum.toFloatArray()).as(name).containsExactly(merged.get(name), within(1e-6f));
      }
    }
  }

  private static NDArray tensor(Membrane membrane, String name, NDManager scope) {
    return scope.create(
        Objects.requireNonNull(membrane.parameters().get(name)),
        Objects.requireNonNull(membrane.shapes().get(name)));
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
