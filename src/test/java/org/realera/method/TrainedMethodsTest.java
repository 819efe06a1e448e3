package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.erase.MaskFolder;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.text.ConceptPrompt;
import org.realera.text.TextModel;
import org.realera.training.WholeWeights;

/** What the methods that train do, on the miniature model. */
class TrainedMethodsTest extends TinyModelTests {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "esd-x", "sampler_steps: 3\nlearning_rate: 1e-3\n",
          "esd-u", "sampler_steps: 3\nlearning_rate: 1e-3\n",
          "ac", "images: 2\nimage_steps: 2\nbatch: 2\nlearning_rate: 1e-3\n",
          "sa",
              "images: 2\nreplay_images: 3\nimage_steps: 2\nfisher_timesteps: 2\nbatch: 2\n"
                  + "learning_rate: 1e-4\n",
          "mace",
              "prompts: [\"a photo of the {}\"]\n"
                  + "lora: {images: 1, image_steps: 2, steps: 2, learning_rate: 1e-2}\n");

  private static EraseRecipe recipe(String method, int steps, long seed) {
    return RecipeReader.parse(
        "a test",
        "method: "
            + method
            + "\nconcepts: [{concept: house, anchor: the city}]\nseed: "
            + seed
            + "\nsteps: "
            + steps
            + "\n"
            + SETTINGS.get(method));
  }

  private Map<String, float[]> erase(EraseRecipe recipe, RecordingRun run) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Map<String, float[]> weights = new TreeMap<>();
      Methods.of(recipe.method())
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
  @CsvSource({"esd-x, 2", "esd-u, 1", "ac, 2", "sa, 2", "sa, 4"})
  void aStoppedRunGoesOnToTheSameBytes(String method, int stopAfter) throws IOException {
    EraseRecipe recipe = recipe(method, 3, 1);
    Map<String, float[]> whole = erase(recipe, new RecordingRun(folder("whole")));
    Path state = folder("stopped");
    RecordingRun stopped = new RecordingRun(state, stopAfter);
    assertThatThrownBy(() -> erase(recipe, stopped)).isInstanceOf(RecordingRun.Stopped.class);
    assertThat(stopped.saved).isNotEmpty();
    assertThat(state.resolve(method.equals("sa") ? "fisher.safetensors" : "training.safetensors"))
        .exists();
    assertThat(same(erase(recipe, new RecordingRun(state)), whole)).isTrue();
  }

  /** It is most of selective amnesia's cost: what is measured is not measured again. */
  @Test
  void theFisherInformationIsSavedWhenARunIsStopped() throws IOException {
    EraseRecipe recipe = recipe("sa", 1, 1);
    Path state = folder("stopped");
    RecordingRun stopped = new RecordingRun(state, 2);
    assertThatThrownBy(() -> erase(recipe, stopped)).isInstanceOf(RecordingRun.Stopped.class);
    assertThat(stopped.saved).endsWith("the Fisher information of 2 of 3 is saved");
    RecordingRun resumed = new RecordingRun(state);
    erase(recipe, resumed);
    assertThat(resumed.done.get(Stage.FISHER)).isEqualTo(List.of(3L));
  }

  /** A machine that loses its power asks nobody to stop: ten images are the most that is lost. */
  @Test
  void theFisherInformationOfAKilledRunGoesOnAfterTheTenth() throws IOException {
    EraseRecipe recipe = recipe("sa", 1, 1).with("replay_images", 12);
    Path state = folder("killed");
    RecordingRun killed = new RecordingRun(state).stopIn(Stage.FISHER, 11);
    assertThatThrownBy(() -> erase(recipe, killed)).isInstanceOf(RecordingRun.Stopped.class);
    RecordingRun next = new RecordingRun(state);
    erase(recipe, next);
    assertThat(next.done.get(Stage.FISHER)).containsExactly(11L, 12L);
  }

  /** As published, measuring takes millions of passes, and what it gives would count nothing. */
  @Test
  void whatWeighsNothingIsNeitherMeasuredNorDrawn() throws IOException {
    EraseRecipe recipe = recipe("sa", 3, 1);
    RecordingRun unheld = new RecordingRun(folder("unheld"));
    erase(recipe.with("lambda", 0), unheld);
    assertThat(unheld.begun).contains(Stage.REPLAY_IMAGES).doesNotContain(Stage.FISHER);
    assertThat(unheld.state().has("fisher")).isFalse();
    assertThat(unheld.notes).anyMatch(note -> note.contains("and 12 with gradients"));

    RecordingRun unreplayed = new RecordingRun(folder("unreplayed"));
    erase(recipe.with("gamma", 0), unreplayed);
    assertThat(unreplayed.begun).contains(Stage.REPLAY_IMAGES, Stage.FISHER);

    EraseRecipe free = recipe.with(Map.of("gamma", 0, "lambda", 0));
    RecordingRun run = new RecordingRun(folder("free"));
    Map<String, float[]> whole = erase(free, run);
    assertThat(run.begun).containsExactly(Stage.TEXT, Stage.ANCHOR_IMAGES, Stage.TRAINING);
    Path state = folder("stopped");
    assertThatThrownBy(() -> erase(free, new RecordingRun(state, 1)))
        .isInstanceOf(RecordingRun.Stopped.class);
    assertThat(state.resolve("pictures")).exists(); // so that the state is kept
    assertThat(same(erase(free, new RecordingRun(state)), whole)).isTrue();
  }

  /** One set for each different anchor, in the run and in the file that it goes on from. */
  @ParameterizedTest
  @ValueSource(strings = {"ac", "sa"})
  void conceptsWithOneAnchorShareItsImages(String method) throws IOException {
    String concepts =
        "concepts=[{concept: house, anchor: the city}, {concept: book, anchor: game},"
            + " {concept: king, anchor: the city}]";
    EraseRecipe recipe =
        RecipeReader.parse(
            "a test",
            "method: " + method + "\nsteps: 3\n" + SETTINGS.get(method),
            null,
            List.of(concepts));
    RecordingRun run = new RecordingRun(folder("whole"));
    Map<String, float[]> whole = erase(recipe, run);
    assertThat(run.summaries).containsEntry(Stage.ANCHOR_IMAGES, "4 pictures");
    Path state = folder("stopped");
    assertThatThrownBy(() -> erase(recipe, new RecordingRun(state, 1)))
        .isInstanceOf(RecordingRun.Stopped.class);
    RecordingRun resumed = new RecordingRun(state);
    assertThat(same(erase(recipe, resumed), whole)).isTrue();
    assertThat(resumed.notes).contains("the interrupted run's pictures of the anchor are used");
  }

  @Test
  void theSeedDecidesTheWeights() throws IOException {
    Map<String, float[]> one = erase(recipe("esd-x", 2, 1), new RecordingRun(folder("one")));
    Map<String, float[]> again = erase(recipe("esd-x", 2, 1), new RecordingRun(folder("again")));
    Map<String, float[]> other = erase(recipe("esd-x", 2, 2), new RecordingRun(folder("other")));
    assertThat(same(again, one)).isTrue();
    assertThat(same(other, one)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"esd-x", "esd-u", "ac", "sa"})
  void onlyWhatTheMethodTrainsIsChanged(String method) throws IOException {
    Map<String, float[]> found = erase(recipe(method, 1, 0), new RecordingRun(folder("run")));
    assertThat(found.keySet())
        .containsExactlyElementsOf(
            new TreeMap<>(model.unetWeights().tensors())
                .keySet().stream().filter(name -> trains(method, name)).toList());
  }

  private static boolean trains(String method, String name) {
    boolean cross = name.contains(".attn2.");
    return switch (method) {
      case "esd-x" -> cross;
      case "esd-u" ->
          !cross
              && !name.startsWith("conv_out.")
              && !name.startsWith("conv_norm_out.")
              && !name.startsWith("time_embedding.");
      case "ac" -> cross && (name.contains("to_k") || name.contains("to_v"));
      default -> true;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "cross-attn, '.*[.]attn2[.]to_[kv][.]weight'",
    "attn, '.*[.]attn[12][.].*'",
    "full-weight, '.*'"
  })
  void conceptAblationTrainsTheGroupThatItIsGiven(String group, String names) {
    EraseRecipe recipe = recipe("ac", 1, 0).with("parameter_group", group);
    Predicate<String> trained = Methods.of(recipe.method()).trainedWhole(recipe);
    Set<String> all = model.unetWeights().tensors().keySet();
    assertThat(WholeWeights.shapes(model.unetWeights(), trained).keySet())
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            all.stream().filter(name -> name.matches(names)).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ac", "sa"})
  void theLossFalls(String method) throws IOException {
    RecordingRun run = new RecordingRun(folder("run"));
    erase(recipe(method, 24, 0), run);
    assertThat(mean(run.losses.subList(16, 24))).isLessThan(mean(run.losses.subList(0, 8)));
    assertThat(run.results.get(Stage.TRAINING)).isEqualTo(Map.of("steps", 24));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** With the same draws, what was trained is nearer to its target than what stood still. */
  @ParameterizedTest
  @ValueSource(strings = {"esd-x", "esd-u"})
  void theModelComesNearerToItsTarget(String method) throws IOException {
    EraseRecipe recipe = recipe(method, 12, 0).with("start_guidance", 1).with("sampler_steps", 2);
    RecordingRun trained = new RecordingRun(folder("trained"));
    erase(recipe.with("learning_rate", 1e-4), trained);
    RecordingRun still = new RecordingRun(folder("still"));
    erase(recipe.with("learning_rate", 1e-12), still);
    assertThat(mean(trained.losses.subList(6, 12))).isLessThan(mean(still.losses.subList(6, 12)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"esd-x", "esd-u", "ac"})
  void whatHasNoPlaceInTheMethodIsRefused(String method) {
    assertThatThrownBy(() -> recipe(method, 1, 0).with("preserve", List.of("family")))
        .isInstanceOf(RealeraException.class)
        .hasMessage("preserve has \"family\", but " + method + " has no term that keeps a concept");
  }

  @Test
  void selectiveAmnesiaReplaysWhatIsPreserved() throws IOException {
    EraseRecipe recipe = recipe("sa", 2, 0).with("templates", List.of("a photo of the {}"));
    Map<String, float[]> without = erase(recipe, new RecordingRun(folder("without")));
    EraseRecipe kept = recipe.with("preserve", List.of("family"));
    assertThat(same(erase(kept, new RecordingRun(folder("with"))), without)).isFalse();
  }

  /** What is scored afterwards is not held by name. */
  @Test
  void selectiveAmnesiaReplaysNoWordThatThePriorIsWithout() {
    EraseRecipe recipe = recipe("sa", 1, 0).with("replay_images", 400);
    List<String> words = replayed(recipe);
    assertThat(words).contains("king", "night", "year").doesNotContain("house");
    EraseRecipe without = recipe.with("prior.without", List.of("king", "Night"));
    assertThat(replayed(without)).contains("year").doesNotContain("king", "night");
    List<String> all = List.copyOf(new TreeSet<>(words));
    assertThatThrownBy(() -> replayed(recipe.with("prior.without", all)))
        .isInstanceOf(RealeraException.class)
        .hasMessage(
            "nothing is left to replay: every word of the vocabulary names a concept or a word of"
                + " prior.without");
    Map<String, List<String>> kept = Map.of("prior.without", all, "preserve", List.of("family"));
    assertThat(replayed(recipe.with(kept))).containsOnly("family");
  }

  private List<String> replayed(EraseRecipe recipe) {
    try (TextModel text = model.loadText()) {
      return SelectiveAmnesia.replay(recipe, text.tokenizer()).stream()
          .map(ConceptPrompt::concept)
          .toList();
    }
  }

  @Test
  void selectiveAmnesiaDropsNoPreservedConcept() throws IOException {
    EraseRecipe recipe =
        recipe("sa", 1, 0)
            .with(
                Map.of(
                    "replay_images", 3,
                    "templates", List.of("a {}", "the {}"),
                    "preserve", List.of("family", "game")));
    RecordingRun run = new RecordingRun(folder("run"));
    assertThatThrownBy(() -> erase(recipe, run))
        .isInstanceOf(RealeraException.class)
        .hasMessage(
            "preserve asks for 4 pictures, one of each concept by each template, and replay_images"
                + " is 3");
    erase(recipe.with("replay_images", 4), new RecordingRun(folder("enough")));
  }

  @Test
  void selectiveAmnesiaTellsItsCostBeforeItBegins() throws IOException {
    RecordingRun run = new RecordingRun(folder("run"));
    EraseRecipe recipe = recipe("sa", 1, 0);
    erase(recipe, run);
    // 5 images of 2 steps with and without the prompt; 3 at 2 noise levels, 2 steps of 2 and 2
    String cost = "about 20 passes of a latent through the U-Net, and 10 with gradients";
    assertThat(run.notes).anyMatch(note -> note.contains(cost));
    assertThat(Methods.of(recipe.method()).plan(recipe)).anyMatch(line -> line.contains(cost));
  }

  /** Where the user says that the concept is, its attention is made small, and nowhere else. */
  @Test
  void masksOfTheUserDecideWhatMaceTrains() throws IOException {
    EraseRecipe recipe =
        RecipeReader.parse(
            "a test",
            "method: mace\nconcepts: [{concept: house, anchor: the city}]\n"
                + SETTINGS.get("mace"));
    Map<String, float[]> own = erase(recipe, new RecordingRun(folder("own")));
    Path all = mask("all", 256);
    RecordingRun run = new RecordingRun(folder("run"));
    Map<String, float[]> whole = erase(recipe.with("masks.source", all.toString()), run);
    assertThat(same(whole, own)).isFalse();
    assertThat(run.begun).contains(Stage.MASKS);
    assertThat(run.results.get(Stage.MASKS)).extractingByKey("shares").isEqualTo(List.of(1.0));
    assertThat(run.results.get(Stage.MASKS))
        .extractingByKey("sha256")
        .isEqualTo(new MaskFolder(all).sha256(List.of("house"), 1));
    Path half = mask("half", 128);
    EraseRecipe less = recipe.with("masks.source", half.toString());
    assertThat(same(erase(less, new RecordingRun(folder("less"))), whole)).isFalse();
  }

  /** A folder with a mask of 16 x 16 whose first pixels are white. */
  private Path mask(String name, int white) throws IOException {
    byte[] rgb = new byte[3 * 16 * 16];
    Arrays.fill(rgb, 0, 3 * white, (byte) 255);
    Path folder = folder(name);
    byte[] png = PngWriter.encode(new Image(16, 16, rgb), Map.of());
    Files.write(folder.resolve("house-1.png"), png);
    return folder;
  }

  @Test
  void aDamagedFisherInformationIsRefused() throws IOException {
    Path state = folder("run");
    float[] one = {1};
    List<TensorSource> tensors =
        List.of(TensorSource.of("conv_in.bias", DType.F32, List.of(1L), one));
    SafetensorsWriter.write(state.resolve("fisher.safetensors"), Map.of(), tensors);
    assertThatThrownBy(() -> erase(recipe("sa", 1, 0), new RecordingRun(state)))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("is no saved Fisher information");
  }
}
