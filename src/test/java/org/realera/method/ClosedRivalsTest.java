package org.realera.method;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.tensor.Engine;
import org.realera.tensor.Finite;
import org.realera.text.TextModel;

/** What the closed forms of the field do to rows, and what they refuse. */
class ClosedRivalsTest {
  private static Model tiny;
  private static Model pocket;

  private NDManager scope;
  @TempDir private Path root;

  @BeforeAll
  static void load() {
    tiny = model("src/test/resources/golden/tiny-sd");
    pocket = model("src/main/resources/org/realera/pocket/model");
  }

  private static Model model(String folder) {
    return new Model(Checkpoint.open(Path.of(folder)), Engine.compute("cpu", "fp32"));
  }

  @AfterAll
  static void unload() {
    tiny.close();
    pocket.close();
  }

  @BeforeEach
  void open() {
    scope = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** A recipe with a small prior of the model's words. */
  private static EraseRecipe recipe(String method, String concept, String anchor) {
    EraseRecipe recipe = RecipeReader.builtIn("object", MethodName.of(method), List.of());
    recipe = recipe.with("concepts", List.of(new ConceptPair(concept, anchor)));
    return Set.of("speed", "oce").contains(method) ? recipe.with("prior_prompts", 40) : recipe;
  }

  private Map<String, NDArray> erase(Model model, EraseRecipe recipe) {
    return erase(model, recipe, new RecordingRun(root));
  }

  private Map<String, NDArray> erase(Model model, EraseRecipe recipe, Run run) {
    return Methods.of(recipe.method()).erase(model, recipe, run, scope).tensors();
  }

  private NDArray original(Model model, String tensor) {
    return model.unetWeights().read(tensor, scope);
  }

  /** The last content token's row, [d, 1] in float64. */
  private NDArray column(Model model, String text) {
    try (TextModel encoder = model.loadText()) {
      return wide(Texts.encode(List.of(text), encoder, scope).last(text)).transpose();
    }
  }

  private static NDArray wide(NDArray array) {
    return array.toType(DataType.FLOAT64, true);
  }

  private static float[] floats(Map<String, NDArray> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name).toFloatArray();
  }

  private static double norm(NDArray array) {
    return array.norm().toDoubleArray()[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"uce", "uce-2023", "rece", "oce"})
  void whereNothingIsErasedEveryWeightIsTheSameToTheLastBit(String method) {
    EraseRecipe recipe =
        recipe(method, "house", "city").with("erase_scale", 0).with("preserve", List.of("family"));
    Map<String, NDArray> edited = erase(tiny, recipe);
    assertThat(edited).isNotEmpty();
    edited.forEach(
        (tensor, w) ->
            assertThat(w.toFloatArray())
                .as(tensor)
                .isEqualTo(original(tiny, tensor).toFloatArray()));
  }

  @Test
  void onePairWithHardlyARidgeGoesWhereItShall() {
    EraseRecipe recipe = recipe("uce", "house", "city").with("lamb", 1e-8);
    NDArray c = column(tiny, "house");
    NDArray anchor = column(tiny, "city");
    erase(tiny, recipe)
        .forEach(
            (tensor, w) -> {
              NDArray wanted = wide(original(tiny, tensor)).matMul(anchor);
              assertThat(norm(wide(w).matMul(c).sub(wanted)) / norm(wanted))
                  .as(tensor)
                  .isLessThan(1e-5);
            });
  }

  @Test
  void aRotationKeepsTheLengthOfEveryValueAndLeavesKeysAlone() {
    Map<String, NDArray> edited = erase(tiny, recipe("oce", "house", "city"));
    assertThat(edited.keySet()).hasSize(4).allMatch(name -> name.endsWith("to_v.weight"));
    edited.forEach(
        (tensor, w) -> {
          NDArray before = wide(original(tiny, tensor));
          NDArray after = wide(w);
          NDArray gram = before.transpose().matMul(before);
          assertThat(norm(after.transpose().matMul(after).sub(gram)) / norm(gram))
              .as(tensor)
              .isLessThan(1e-6);
          assertThat(norm(after.sub(before)) / norm(before)).as(tensor).isGreaterThan(0.01);
        });
  }

  @Test
  void whatIsRetainedAndTheEmptyTextStayWhereTheyAre() {
    List<String> kept = List.of("family", "book", "music", "world");
    EraseRecipe recipe =
        recipe("speed", "house", "city")
            .with("preserve", kept)
            .with("prior_prompts", 0)
            .with("aug_num", 0)
            .with("threshold", 1e-6);
    Map<String, NDArray> edited = erase(tiny, recipe);
    NDArray c = column(tiny, "house");
    edited.forEach(
        (tensor, w) -> {
          NDArray change = wide(w).sub(wide(original(tiny, tensor)));
          double moved = norm(change.matMul(c));
          assertThat(moved).isGreaterThan(1e-3);
          for (String text : List.of("family", "book", "music", "world", "")) {
            assertThat(norm(change.matMul(column(tiny, text))))
                .as("%s: %s", tensor, text)
                .isLessThan(1e-4 * moved);
          }
        });
  }

  /** On a model that was trained: the concept's values become the anchor's, the others' stay. */
  @ParameterizedTest
  @CsvSource({"uce, 0.1", "uce-2023, 0.5", "rece, 0.5", "speed, 0.2"})
  void theConceptGoesToItsAnchorAndThePreservedStays(String method, double kept) {
    EraseRecipe recipe = recipe(method, "airplane", "sky").with("preserve", List.of("ship", "dog"));
    NDArray c = column(pocket, "airplane");
    NDArray anchor = column(pocket, "sky");
    NDArray dog = column(pocket, "dog");
    double toAnchor = 0;
    double fromConcept = 0;
    double dogMoved = 0;
    double dogWas = 0;
    for (Map.Entry<String, NDArray> edited : erase(pocket, recipe).entrySet()) {
      if (edited.getKey().endsWith("to_v.weight")) {
        NDArray before = wide(original(pocket, edited.getKey()));
        NDArray after = wide(edited.getValue());
        NDArray now = after.matMul(c);
        toAnchor = Math.hypot(toAnchor, norm(now.sub(before.matMul(anchor))));
        fromConcept = Math.hypot(fromConcept, norm(now.sub(before.matMul(c))));
        dogMoved = Math.hypot(dogMoved, norm(after.sub(before).matMul(dog)));
        dogWas = Math.hypot(dogWas, norm(before.matMul(dog)));
      }
    }
    assertThat(toAnchor).isLessThan(0.5 * fromConcept);
    assertThat(dogMoved / dogWas).isLessThan(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"uce", "uce-2023", "rece", "speed", "oce"})
  void theSameSeedGivesTheSameBytesAndEveryStageEnds(String method) {
    EraseRecipe recipe =
        recipe(method, "house", "city")
            .with(
                "concepts",
                List.of(new ConceptPair("house", "city"), new ConceptPair("book", "the game")))
            .with("preserve", List.of("family", "music"));
    RecordingRun run = new RecordingRun(root);
    Map<String, NDArray> first = erase(tiny, recipe, run);
    Map<String, NDArray> second = erase(tiny, recipe);
    assertThat(second).containsOnlyKeys(first.keySet());
    first.forEach(
        (tensor, w) -> assertThat(floats(second, tensor)).as(tensor).isEqualTo(w.toFloatArray()));
    assertThat(run.ended).isEqualTo(run.begun).contains(Stage.TEXT, Stage.CLOSED_FORM);
    assertThat(run.results.get(Stage.CLOSED_FORM)).containsKey("mean_relative_change");
  }

  /** What still reaches an erased concept is longer than text: how much is a figure of the run. */
  @Test
  void receTellsHowLongItsAttacksAre() {
    RecordingRun run = new RecordingRun(root);
    erase(tiny, recipe("rece", "house", "city").with("epochs", 2), run);
    assertThat(run.steps).containsEntry(Stage.CLOSED_FORM, 3L);
    assertThat(run.done.get(Stage.CLOSED_FORM)).isEqualTo(List.of(1L, 2L));
    assertThat(run.results.get(Stage.CLOSED_FORM))
        .extractingByKey("attack_norms", as(InstanceOfAssertFactories.list(Double.class)))
        .hasSize(2)
        .allSatisfy(norm -> assertThat(norm).isBetween(0.5, 50.0));
    assertThat(run.summaries.get(Stage.CLOSED_FORM)).contains("UCE and 2 attacks (");
    RecordingRun once = new RecordingRun(root);
    erase(tiny, recipe("rece", "house", "city").with("epochs", 1), once);
    assertThat(once.summaries.get(Stage.CLOSED_FORM)).contains("UCE and 1 attack (");
    RecordingRun none = new RecordingRun(root);
    erase(tiny, recipe("rece", "house", "city").with("erase_scale", 0), none);
    assertThat(none.results.get(Stage.CLOSED_FORM))
        .extractingByKey("attack_norms")
        .isEqualTo(List.of());
  }

  /** SPEED filters what it augments; without augmentation all of the prior is retained. */
  @Test
  void speedFiltersTheTextsThatItAugments() {
    String tensor = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v.weight";
    EraseRecipe alone = recipe("speed", "house", "city").with("aug_num", 0);
    assertThat(floats(erase(tiny, alone.with("disable_filter", true)), tensor))
        .isEqualTo(floats(erase(tiny, alone), tensor));
    EraseRecipe more = alone.with("aug_num", 2);
    assertThat(floats(erase(tiny, more.with("disable_filter", true)), tensor))
        .isNotEqualTo(floats(erase(tiny, more), tensor));
  }

  /** One text is not longer than the mean of itself: it is retained all the same. */
  @Test
  void speedRetainsASingleText() {
    String tensor = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v.weight";
    EraseRecipe single =
        recipe("speed", "house", "city")
            .with(Map.of("prior_prompts", 0, "preserve", List.of("family"), "aug_num", 2));
    float[] filtered = floats(erase(tiny, single), tensor);
    assertThat(Finite.all(filtered)).isTrue();
    assertThat(filtered)
        .isNotEqualTo(floats(erase(tiny, single.with("preserve", List.of("game"))), tensor));
  }

  /** A prior that weighs nothing is not encoded. */
  @Test
  void withoutItsScaleOceReadsNoPrior() {
    RecordingRun run = new RecordingRun(root);
    erase(tiny, recipe("oce", "house", "city"), run);
    assertThat(run.begun).contains(Stage.PRIOR);
    RecordingRun without = new RecordingRun(root);
    erase(tiny, recipe("oce", "house", "city").with("prior_scale", 0), without);
    assertThat(without.begun).doesNotContain(Stage.PRIOR);
  }

  @Test
  void anotherSeedDrawsOtherNeighbors() {
    EraseRecipe recipe = recipe("speed", "house", "city");
    String tensor = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v.weight";
    float[] one = floats(erase(tiny, recipe), tensor);
    float[] other = floats(erase(tiny, recipe.with("seed", 1)), tensor);
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void theEmptyGuideIsNotTheAnchor() {
    EraseRecipe recipe = recipe("uce", "house", "city");
    String tensor = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v.weight";
    float[] anchor = floats(erase(tiny, recipe), tensor);
    assertThat(floats(erase(tiny, recipe.with("guide", "empty")), tensor)).isNotEqualTo(anchor);
  }

  private void refused(EraseRecipe recipe, Kind kind, String message) {
    assertThatThrownBy(() -> erase(tiny, recipe))
        .isInstanceOf(RealeraException.class)
        .satisfies(e -> assertThat(((RealeraException) e).kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }

  @Test
  void aRidgeOfNothingIsRefusedByItsName() {
    refused(recipe("uce", "house", "city").with("lamb", 0), Kind.USAGE, "lamb = 0");
  }

  @Test
  void whereNothingIsFreeSpeedSaysWhatToDo() {
    refused(
        recipe("speed", "house", "city")
            .with("prior_prompts", 300)
            .with("disable_filter", true)
            .with("threshold", 1e-12),
        Kind.USAGE,
        "K^T P M K + lambda I is singular");
  }

  @ParameterizedTest
  @ValueSource(strings = {"uce", "uce-2023", "rece", "speed", "oce"})
  void aConceptThatIsItsAnchorIsRefused(String method) {
    refused(
        recipe(method, "house , city", "house, city"), Kind.USAGE, "has the tokens of the concept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"uce", "uce-2023", "rece", "speed", "oce"})
  void aTextThatIsCutOffIsRefused(String method) {
    String longText = "family " + "and family ".repeat(60);
    refused(
        recipe(method, "house", "city").with("preserve", List.of(longText)),
        Kind.USAGE,
        "is cut off");
  }

  private EraseRecipe captions(String method, String text) throws IOException {
    Path file = root.resolve("captions.txt");
    Files.writeString(file, text);
    return recipe(method, "house", "city").with("prior.captions", file.toString());
  }

  @Test
  void captionsThatNameTheConceptAreNoPrior() throws IOException {
    RecordingRun run = new RecordingRun(root);
    String lines = "The House of a man\nthe family\nhouses\nMusic in the world\nsome housewife\n";
    erase(tiny, captions("oce", lines), run);
    Map<String, Object> figures =
        new LinkedHashMap<>(Objects.requireNonNull(run.results.get(Stage.PRIOR)));
    assertThat(figures).containsEntry("captions", 5).containsEntry("prompts", 3);
    EraseRecipe without =
        captions("oce", lines).with("prior.without", List.of("music", "family", "housewife"));
    refused(
        without, Kind.USAGE, "every text of " + root.resolve("captions.txt") + " names a concept");
  }

  @Test
  void onlyMethodsThatHoldRealTextTakeCaptions() {
    for (String method : List.of("uce", "uce-2023", "rece")) {
      assertThatThrownBy(() -> captions(method, "the family\n"))
          .hasMessageContaining("prior.captions is of no use to " + method);
    }
  }
}
