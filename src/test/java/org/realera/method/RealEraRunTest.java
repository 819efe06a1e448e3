package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.concept.Concept;
import org.realera.concept.NamedNeighbors;
import org.realera.config.AlignmentSettings;
import org.realera.config.BeyondSettings;
import org.realera.config.ClosedFormSettings;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.config.Params;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.safetensors.SafetensorsFile;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;

/** What the method tells the run that it is part of, and how it goes on where one was stopped. */
class RealEraRunTest extends TinyModelTests {
  private static final List<String> TEMPLATES = List.of("a photo of the {}", "{}");
  private static final int STEPS = 3;
  private static final int MINED = 3;
  private static final int HELD = 5;

  private static EraseRecipe recipe() {
    return EraseRecipe.DEFAULT
        .with(
            "concepts", List.of(new ConceptPair("house", "city"), new ConceptPair("book", "game")))
        .with("templates", TEMPLATES)
        .with("mining", new MiningSettings(true, MINED, 0.72, 0.18, 0.98, 0.7, 0))
        .with("beyond", new BeyondSettings(true, HELD, 1.1))
        .with(
            "closed_form",
            new ClosedFormSettings(
                ClosedFormSettings.Sums.DRAWN, Params.KV, 0.1, 0.1, 0.1, 0.3, 12, 0.1, 0.1))
        .with("alignment", alignment(1e-2, 2));
  }

  private static AlignmentSettings alignment(double learningRate, int saveEvery) {
    List<String> targets = List.of("attn2.to_k", "attn2.to_v");
    return new AlignmentSettings(
        true, STEPS, 1, learningRate, 0.01, 2, 2, targets, 0.3, 0.7, 2, 2, 3, 0, saveEvery);
  }

  /** A concept, a template, nothing sampled and nothing aligned. */
  private static EraseRecipe bare() {
    return recipe()
        .with("concepts", List.of(new ConceptPair("house", "city")))
        .with("templates", List.of("{}"))
        .with("mining.enabled", false)
        .with("beyond.enabled", false)
        .with("alignment.enabled", false);
  }

  @Test
  void expectedSumsNeedNoSeedAndPaperDrawsAllTheSame() throws IOException {
    EraseRecipe recipe =
        recipe().with("alignment.enabled", false).with("closed_form.sums", "expected");
    RecordingRun run = new RecordingRun(folder("expected"));
    Map<String, List<Float>> expected = erase(recipe, run);
    assertThat(erase(recipe.with("seed", 7), new RecordingRun(folder("seed")))).isEqualTo(expected);
    assertThat(run.summaries.get(Stage.SAMPLES))
        .isEqualTo("neighbors on average, points beyond on average");
    assertThat(run.results.get(Stage.SAMPLES)).containsOnlyKeys("erased_rows", "kept_rows");
    EraseRecipe drawn = recipe.with("closed_form.sums", "drawn");
    RecordingRun drawnRun = new RecordingRun(folder("drawn"));
    assertThat(erase(drawn, drawnRun)).isNotEqualTo(expected);
    for (String rows : List.of("erased_rows", "kept_rows")) {
      assertThat(run.results.get(Stage.SAMPLES).get(rows))
          .isEqualTo(drawnRun.results.get(Stage.SAMPLES).get(rows));
    }
    assertThat(recipe.paper()).isEqualTo(drawn.paper());
  }

  private Map<String, List<Float>> erase(EraseRecipe recipe, Run run) {
    return values(new RealEra().erase(model, recipe, run, scope));
  }

  private static Map<String, List<Float>> values(Edits edits) {
    assertThat(edits.loraScale()).isEqualTo(1);
    Map<String, List<Float>> out = new TreeMap<>();
    edits.tensors().forEach((name, tensor) -> out.put(name, floats(tensor)));
    return out;
  }

  @Test
  void everyStageIsToldFromItsFirstStepToItsLast() {
    RecordingRun run = new RecordingRun(root);
    Map<String, List<Float>> edits = erase(recipe(), run);
    assertThat(edits).hasSize(8);
    List<Stage> stages =
        List.of(
            Stage.TEXT,
            Stage.PRIOR,
            Stage.SAMPLES,
            Stage.CLOSED_FORM,
            Stage.ANCHOR_IMAGES,
            Stage.ALIGNMENT);
    assertThat(run.begun).isEqualTo(stages);
    assertThat(run.ended).isEqualTo(stages);
    int words = 12 / TEMPLATES.size() * TEMPLATES.size();
    assertThat(run.steps)
        .isEqualTo(
            Map.of(
                Stage.TEXT, 1L,
                Stage.PRIOR, (long) words,
                Stage.SAMPLES, 4L,
                Stage.CLOSED_FORM, 1L,
                Stage.ANCHOR_IMAGES, 8L,
                Stage.ALIGNMENT, (long) STEPS));
    for (Stage stage : List.of(Stage.PRIOR, Stage.SAMPLES, Stage.ANCHOR_IMAGES, Stage.ALIGNMENT)) {
      List<Long> done = Objects.requireNonNull(run.done.get(stage));
      assertThat(done).as("%s", stage).isSorted().endsWith(run.steps.get(stage));
    }
    assertThat(run.done.get(Stage.SAMPLES)).contains(0L, 1L, 2L, 3L, 4L);
    assertThat(run.done.get(Stage.ANCHOR_IMAGES)).anyMatch(d -> d > 0 && d <= 4);
    assertThat(run.done.get(Stage.ALIGNMENT))
        .isEqualTo(LongStream.rangeClosed(1, STEPS).boxed().toList());
    assertThat(run.notes).isEmpty();
  }

  @Test
  void everySummaryCountsWhatWasDone() {
    RecordingRun run = new RecordingRun(root);
    erase(recipe(), run);
    assertThat(run.summaries.get(Stage.TEXT)).isEqualTo("4 prompts and as many of the anchors");
    long held = (Long) figure(run, Stage.PRIOR, "prompts");
    assertThat(held).isBetween(1L, 11L);
    assertThat(run.summaries.get(Stage.PRIOR))
        .isEqualTo(
            "%d prompts of real text held, %d near the concept left out"
                .formatted(held, run.steps.get(Stage.PRIOR) - held));
    assertThat(figure(run, Stage.SAMPLES, "neighbors")).isEqualTo(4L * MINED);
    assertThat(figure(run, Stage.SAMPLES, "beyond")).isEqualTo(4L * HELD);
    assertThat(run.summaries.get(Stage.SAMPLES))
        .isEqualTo(
            "%d neighbors from %d draws, %d points beyond from %d draws"
                .formatted(
                    4 * MINED,
                    (Long) figure(run, Stage.SAMPLES, "neighbor_draws"),
                    4 * HELD,
                    (Long) figure(run, Stage.SAMPLES, "beyond_draws")));
    double change = (Double) figure(run, Stage.CLOSED_FORM, "mean_relative_change");
    double condition = (Double) figure(run, Stage.CLOSED_FORM, "condition");
    assertThat(condition).isGreaterThan(1);
    assertThat(change).isBetween(0.001, 10.0);
    assertThat(run.summaries.get(Stage.CLOSED_FORM))
        .isEqualTo(
            String.format(
                java.util.Locale.ROOT,
                "one solve (condition %.1e), 8 projections, changed by %.1f %% on average",
                condition,
                100 * change));
    assertThat(figure(run, Stage.CLOSED_FORM, "relative_change"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .hasSize(8);
    assertThat(run.summaries.get(Stage.ANCHOR_IMAGES)).isEqualTo("4 pictures");
    assertThat(run.summaries.get(Stage.ALIGNMENT)).startsWith("3 steps, loss ");
    assertThat(figure(run, Stage.ALIGNMENT, "steps")).isEqualTo(STEPS);
    assertThat(run.losses).hasSize(STEPS).allMatch(loss -> loss > 0);
    assertThat(run.saved)
        .containsExactly(
            "2 of 4 pictures of the anchor are saved in " + root,
            "4 of 4 pictures of the anchor are saved in " + root,
            "step 3 of 3 is saved in " + root);
  }

  /** Words and anchors are of one token each, so every row from the concept on has its partner. */
  @Test
  void everyRowThatIsErasedOrHeldIsCounted() {
    RecordingRun run = new RecordingRun(root);
    erase(recipe().with("preserve", List.of("family")).with("alignment.enabled", false), run);
    int prefixes = 5 + 1;
    int rows = 2 * 77 - prefixes;
    long prior = (Long) figure(run, Stage.PRIOR, "prompts");
    assertThat(figure(run, Stage.SAMPLES, "erased_rows")).isEqualTo(2L * rows * (1 + MINED));
    assertThat(figure(run, Stage.SAMPLES, "kept_rows"))
        .isEqualTo(2L * rows * HELD + 2 * prefixes + rows + 77 * prior);
    assertThat((Long) figure(run, Stage.SAMPLES, "neighbor_draws"))
        .isGreaterThanOrEqualTo(4L * MINED);
    assertThat((Long) figure(run, Stage.SAMPLES, "beyond_draws")).isGreaterThanOrEqualTo(4L * HELD);
    RecordingRun free = new RecordingRun(root);
    erase(
        recipe()
            .with("alignment.enabled", false)
            .with(
                "closed_form",
                new ClosedFormSettings(
                    ClosedFormSettings.Sums.DRAWN, Params.KV, 0.1, 0.1, 0, 0, 12, 0.1, 0.1)),
        free);
    assertThat(figure(free, Stage.SAMPLES, "kept_rows")).isEqualTo(2L * rows * HELD);
  }

  @Test
  void thePriorIsEveryWordWithoutATokenOfAConcept() {
    RecordingRun run = new RecordingRun(root);
    erase(
        bare()
            .with("concepts", List.of(new ConceptPair("house", "city")))
            .with(
                "closed_form",
                new ClosedFormSettings(
                    ClosedFormSettings.Sums.DRAWN, Params.KV, 0.1, 0.1, 0, 0.3, 100_000, 0, 0.1)),
        run);
    assertThat(figure(run, Stage.PRIOR, "prompts")).isEqualTo(run.steps.get(Stage.PRIOR) - 1);
    assertThat(run.summaries.get(Stage.PRIOR)).endsWith(" held, 1 near the concept left out");
  }

  private static Object figure(RecordingRun run, Stage stage, String name) {
    return Objects.requireNonNull(Objects.requireNonNull(run.results.get(stage)).get(name));
  }

  @Test
  void whatIsSwitchedOffIsSaid() {
    RecordingRun run = new RecordingRun(root);
    erase(bare(), run);
    assertThat(run.summaries.get(Stage.TEXT)).isEqualTo("1 prompt and its anchor's");
    assertThat(run.summaries.get(Stage.SAMPLES)).isEqualTo("no mining, no points beyond");
    assertThat(run.ended).endsWith(Stage.CLOSED_FORM);
    AlignmentSettings one = alignment(1e-2, 2);
    RecordingRun single = new RecordingRun(root);
    erase(
        bare()
            .with(
                "alignment",
                new AlignmentSettings(
                    true, 1, 1, 1e-2, 0.01, 2, 2, one.targets(), 0.3, 0.7, 1, 2, 3, 0, 1))
            .with(
                "closed_form",
                new ClosedFormSettings(
                    ClosedFormSettings.Sums.DRAWN, Params.KV, 0.1, 0.1, 0.1, 0, 12, 0.1, 0.1)),
        single);
    assertThat(single.summaries.get(Stage.ANCHOR_IMAGES)).isEqualTo("1 picture");
    assertThat(single.begun).doesNotContain(Stage.PRIOR);
  }

  @Test
  void aRunThatWasStoppedGoesOnToTheSameEdits() throws IOException {
    EraseRecipe recipe = recipe();
    Map<String, List<Float>> straight = erase(recipe, new RecordingRun(folder("straight")));
    Path state = folder("stopped");
    RecordingRun first = new RecordingRun(state, 1);
    assertThatThrownBy(() -> erase(recipe, first)).isInstanceOf(RecordingRun.Stopped.class);
    assertThat(first.saved).endsWith("step 1 of 3 is saved in " + state);
    assertThat(first.ended).doesNotContain(Stage.ALIGNMENT);
    RecordingRun second = new RecordingRun(state);
    assertThat(erase(recipe, second)).isEqualTo(straight);
    assertThat(second.notes)
        .containsExactly(
            "the interrupted run's pictures of the anchor are used", "going on after step 1 of 3");
    assertThat(second.done.get(Stage.ALIGNMENT)).containsExactly(2L, 3L);
    assertThat(second.losses).hasSize(STEPS);
    RecordingRun third = new RecordingRun(state);
    assertThat(erase(recipe, third)).as("a run that was all but done").isEqualTo(straight);
    assertThat(third.done).doesNotContainKey(Stage.ALIGNMENT);
  }

  /** Templates take turns; every image has a seed of its own. */
  @Test
  void theAnchorsImagesAreWhatTheModelDrawsForTheAnchorsPrompts() {
    EraseRecipe recipe = recipe();
    RecordingRun run = new RecordingRun(root);
    erase(recipe, run);
    try (SafetensorsFile saved = SafetensorsFile.open(root.resolve("anchor-latents.safetensors"));
        Pipeline pipeline =
            Pipeline.load(model.checkpoint(), model.unet(), model.compute(), note -> {})) {
      int size = Pipeline.nativeSize(model.checkpoint());
      for (int c = 0; c < 2; c++) {
        String anchor = recipe.concepts().get(c).anchor();
        List<ImageRequest> requests = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          long seed = Noise.derive(recipe.seed(), "anchor image " + c, i) % (1L << 32);
          requests.add(
              new ImageRequest(
                  TEMPLATES.get(i).replace("{}", anchor),
                  "",
                  seed < 0 ? seed + (1L << 32) : seed,
                  2,
                  3,
                  size,
                  size));
        }
        NDArray drawn = pipeline.sampler().latents(scope, requests, Edits.NONE, done -> {});
        NDArray found = saved.read(String.valueOf(c), scope);
        assertThat(found.sub(drawn).abs().max().getFloat()).isLessThan(1e-4f);
      }
    }
  }

  @Test
  void aWordThatTheModelWasNeverTaughtIsRefused() {
    EraseRecipe recipe = bare().with("concepts", List.of(new ConceptPair("xqzvkj", "city")));
    assertThatThrownBy(() -> erase(recipe, new RecordingRun(root)))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("does not know the word \"xqzvkj\"");
  }

  @Test
  void aWordThatIsOneLetterOffIsTakenAndNoted() {
    RecordingRun run = new RecordingRun(root);
    erase(bare().with("concepts", List.of(new ConceptPair("hiuse", "city"))), run);
    assertThat(run.notes)
        .containsExactly("\"hiuse\" is taken as it stands; did you mean \"house\"?");
  }

  @Test
  void aNeighborThatAPreservedTextNamesIsLeftOutAndNoted() {
    Map<String, Object> words =
        Map.of("mining.enabled", true, "mining.words", 9, "mining.s1", 1.0, "mining.s2", -1.0);
    RecordingRun run = new RecordingRun(root);
    erase(bare().with(words), run);
    assertThat(run.notes).isEmpty();
    List<String> near = new ArrayList<>();
    try (TextModel text = model.loadText()) {
      EraseRecipe recipe = bare().with(words);
      List<Concept> concepts = Concept.embed(recipe.concepts(), recipe.templates(), text, scope);
      NamedNeighbors.of(concepts, recipe, text, scope, held -> {})
          .forEach(one -> near.add(one.pair().concept()));
    }
    erase(bare().with(words).with("preserve", List.of("the " + near.get(3))), run);
    assertThat(run.notes)
        .containsExactly(
            "the neighbor \"%s\" is left out: a text in preserve names it".formatted(near.get(3)));
  }

  @Test
  void anAlignmentThatDivergesNamesTheStep() {
    EraseRecipe recipe = recipe().with("alignment", alignment(1e30, 2));
    assertThatThrownBy(() -> erase(recipe, new RecordingRun(root)))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
        .hasMessageMatching("the alignment diverged at step [23]: loss .*, gradient norm .*");
  }

  /** So that one cache entry serves every concept. */
  @Test
  void thePriorIsAskedForByItsPromptsAloneWhateverIsErased() {
    RecordingRun house = new RecordingRun(root);
    erase(bare(), house);
    RecordingRun book = new RecordingRun(root);
    erase(bare().with("concepts", List.of(new ConceptPair("book", "game"))), book);
    assertThat(house.cached).hasSize(2).isEqualTo(book.cached); // embeddings, and their sum
    assertThat(house.cached.get(0)).doesNotHaveDuplicates().hasSize(12);
    assertThat(house.cached.get(1)).doesNotHaveDuplicates().hasSize(13);
  }
}
