package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.Stopped;
import org.realera.config.AlignmentSettings;
import org.realera.config.BeyondSettings;
import org.realera.config.ClosedFormSettings;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.config.Params;
import org.realera.method.Stage;

/**
 * What whole runs do to the model, looked at from outside: W of the folder that went in, W' of the
 * one that came out, and embeddings that the test makes itself. Bounds lie between what was found
 * on the miniature and what a run without the part in question does. The miniature's encoder is
 * random and 32 wide, so that 290 rows can't all arrive: half of the way is left.
 */
class ErasureBehaviourTest {
  private static final List<String> TEMPLATES = List.of("a photo of the {}", "{} in the world");
  private static final ConceptPair HOUSE = new ConceptPair("house", "city");
  private static final ConceptPair BOOK = new ConceptPair("book", "game");
  private static final List<String> UNRELATED = List.of("music", "friday", "team", "school");
  private static final int LENGTH = 77;

  private static Embeddings embeddings;
  private static Map<String, NDArray> original;
  @TempDir Path root;
  private int runs;

  @BeforeAll
  static void load() {
    embeddings = new Embeddings(TinyModel.FOLDER);
    original = embeddings.projections(TinyModel.FOLDER);
  }

  @AfterAll
  static void unload() {
    embeddings.close();
  }

  @Test
  void everyConceptGoesToItsAnchorInEveryTemplateKeyAndValue() throws IOException {
    EraseRecipe recipe =
        closedForm(0.1, 0.001, 0, 0)
            .with("mining.enabled", false)
            .with("beyond.enabled", false)
            .with("concepts", List.of(HOUSE, BOOK));
    Map<String, NDArray> edited = erase(recipe);
    assertThat(original).hasSize(8);
    for (ConceptPair pair : recipe.concepts()) {
      for (String template : TEMPLATES) {
        NDArray e = embeddings.rows(template, pair.concept());
        NDArray anchor = embeddings.rows(template, pair.anchor());
        for (String name : original.keySet()) {
          NDArray w = original.get(name);
          double left = Embeddings.apart(edited.get(name), e, w, anchor);
          double whole = Embeddings.apart(w, e, w, anchor);
          show(pair + " " + template + " " + name, left / whole);
          assertThat(left).as("%s, %s, %s", pair, template, name).isLessThan(0.7 * whole);
        }
      }
    }
  }

  @Test
  void theRowsBeforeTheConceptAreHeld() throws IOException {
    Map<String, NDArray> held = erase(closedForm(0.1, 0.1, 0.1, 0));
    Map<String, NDArray> free = erase(closedForm(0.1, 0.1, 0, 0));
    NDArray prefix = embeddings.prefix(TEMPLATES.get(0), "house");
    double with = Embeddings.moved(original, held, prefix);
    double without = Embeddings.moved(original, free, prefix);
    show("prefix", with, without);
    assertThat(with).isLessThan(0.25).isLessThan(0.7 * without);
  }

  @Test
  void unrelatedWordsAreHeldByThePrior() throws IOException {
    Map<String, NDArray> held = erase(closedForm(0.1, 0.1, 0.1, 0.3));
    Map<String, NDArray> free = erase(closedForm(0.1, 0.1, 0.1, 0));
    for (String word : UNRELATED) {
      for (String template : TEMPLATES) {
        NDArray rows = embeddings.rows(template, word);
        double with = Embeddings.moved(original, held, rows);
        double without = Embeddings.moved(original, free, rows);
        show("prior " + word, with, without);
        assertThat(with).as("%s, %s", template, word).isLessThan(0.9 * without);
      }
    }
  }

  @Test
  void aPreservedConceptIsHeldAndItsRowsAreCounted() throws IOException {
    EraseRecipe recipe = closedForm(0.1, 0.1, 0.1, 0.3);
    JsonNode plain = run(recipe);
    Map<String, NDArray> free = weights();
    JsonNode preserving = run(recipe.with("preserve", List.of("family")));
    Map<String, NDArray> held = weights();
    for (String template : TEMPLATES) {
      NDArray rows = embeddings.rows(template, "family");
      double with = Embeddings.moved(original, held, rows);
      double without = Embeddings.moved(original, free, rows);
      show("preserve", with, without);
      assertThat(with).as(template).isLessThan(0.9 * without);
    }
    int rows = TEMPLATES.stream().mapToInt(t -> LENGTH - embeddings.start(t)).sum();
    assertThat(count(preserving, "kept_rows") - count(plain, "kept_rows")).isEqualTo(rows);
  }

  @Test
  void neighborsThatNobodyDrewFollowTheConceptOnlyIfMined() throws IOException {
    EraseRecipe recipe = closedForm(0.1, 0.1, 0.1, 0);
    Map<String, NDArray> mined = erase(recipe);
    Map<String, NDArray> bare = erase(recipe.with("mining.enabled", false));
    for (String template : TEMPLATES) {
      NDArray e = embeddings.rows(template, "house");
      NDArray anchor = embeddings.rows(template, "city");
      for (int seed = 0; seed < 3; seed++) {
        NDArray neighbor = embeddings.near(e, 0.5, seed);
        double with = Embeddings.left(original, mined, neighbor, anchor);
        double without = Embeddings.left(original, bare, neighbor, anchor);
        show("neighbor", with, without);
        assertThat(with).as("%s, seed %d", template, seed).isLessThan(0.9 * without);
      }
    }
  }

  @Test
  void pointsBeyondAreHeldAsLambda1Says() throws IOException {
    Map<String, NDArray> firmly = erase(closedForm(10, 0.1, 0.1, 0));
    Map<String, NDArray> hardly = erase(closedForm(0.01, 0.1, 0.1, 0));
    for (String template : TEMPLATES) {
      NDArray e = embeddings.rows(template, "house");
      for (int seed = 0; seed < 3; seed++) {
        NDArray beyond = embeddings.near(e, 0.95, seed);
        double with = Embeddings.moved(original, firmly, beyond);
        double without = Embeddings.moved(original, hardly, beyond);
        show("beyond", with, without);
        assertThat(with).as("%s, seed %d", template, seed).isLessThan(0.5 * without);
      }
    }
  }

  @Test
  void aHigherRidgeChangesLess() throws IOException {
    double before = Double.MAX_VALUE;
    for (double mu : List.of(0.01, 0.1, 1.0, 10.0)) {
      JsonNode manifest = run(closedForm(0.1, mu, 0.1, 0));
      double change = manifest.at("/results/closed-form/mean_relative_change").asDouble();
      show("mu " + mu, change);
      assertThat(change).as("mu %s", mu).isPositive().isLessThan(0.9 * before);
      before = change;
    }
  }

  @Test
  void theManifestCountsWhatWasAdded() throws IOException {
    int mined = 3;
    int held = 5;
    EraseRecipe recipe =
        closedForm(0.1, 0.1, 0.1, 0)
            .with("mining", new MiningSettings(true, mined, 0.72, 0.18, 0.98, 0.7, 0))
            .with("beyond", new BeyondSettings(true, held, 1.1))
            .with("concepts", List.of(HOUSE, BOOK));
    JsonNode manifest = run(recipe);
    // Concepts and anchors are of one token each, so every row from the concept on has its partner.
    int prefixes = TEMPLATES.stream().mapToInt(embeddings::start).sum();
    int rows = TEMPLATES.size() * LENGTH - prefixes;
    assertThat(count(manifest, "neighbors")).isEqualTo(2 * 2 * mined);
    assertThat(count(manifest, "beyond")).isEqualTo(2 * 2 * held);
    assertThat(count(manifest, "erased_rows")).isEqualTo(2 * rows * (1 + mined));
    assertThat(count(manifest, "kept_rows")).isEqualTo(2 * rows * held + 2 * prefixes);
    assertThat(count(manifest, "neighbor_draws")).isGreaterThanOrEqualTo(2 * 2 * mined);
    assertThat(count(manifest, "beyond_draws")).isGreaterThanOrEqualTo(2 * 2 * held);
  }

  @Test
  void thePriorIsAllWordsButTheConceptsOwn() throws IOException {
    JsonNode manifest =
        run(
            recipe(
                new ClosedFormSettings(
                    ClosedFormSettings.Sums.DRAWN,
                    Params.KV,
                    0.1,
                    0.1,
                    0.1,
                    0.3,
                    100_000,
                    0,
                    0.1)));
    List<String> words = embeddings.tokenizer().words(3);
    assertThat(words).contains("house");
    assertThat(manifest.at("/results/prior/prompts").asInt())
        .isEqualTo((words.size() - 1) * TEMPLATES.size());
  }

  @Test
  void anAlignmentThatLearnsNothingLeavesTheClosedForm() throws IOException {
    EraseRecipe recipe = closedForm(0.1, 0.1, 0.1, 0);
    Map<String, NDArray> alone = erase(recipe);
    Map<String, NDArray> aligned = erase(recipe.with("alignment", alignment(1e-30)));
    assertThat(aligned).isEqualTo(alone);
    assertThat(erase(recipe.with("alignment", alignment(1e-2)))).isNotEqualTo(alone);
  }

  /** A run is stopped before its first step: its state holds the images that were drawn. */
  @Test
  void theAnchorsImagesAreThoseOfTheAnchor() {
    EraseRecipe recipe = closedForm(0.1, 0.1, 0.1, 0).with("alignment", alignment(1e-2));
    List<Float> house = anchorLatents(recipe);
    assertThat(anchorLatents(recipe.with("concepts", List.of(new ConceptPair("book", "city")))))
        .isEqualTo(house);
    assertThat(anchorLatents(recipe.with("concepts", List.of(new ConceptPair("house", "game")))))
        .isNotEqualTo(house);
  }

  private List<Float> anchorLatents(EraseRecipe recipe) {
    Path out = root.resolve("stopped" + runs++);
    Progress stop = new StopAt(Stage.ALIGNMENT, 0);
    Stopped stopped =
        catchThrowableOfType(
            Stopped.class, () -> Erasure.run(TinyModel.request(recipe, out), stop, TinyRuns.CACHE));
    assertThat(stopped).isNotNull();
    Path file = out.resolveSibling(out.getFileName() + ".state");
    float[] latents = embeddings.read(file.resolve("anchor-latents.safetensors"), "0");
    List<Float> values = new ArrayList<>();
    IntStream.range(0, latents.length).forEach(i -> values.add(latents[i]));
    return values;
  }

  private static AlignmentSettings alignment(double learningRate) {
    AlignmentSettings tiny = TinyModel.alignment(2);
    return new AlignmentSettings(
        true,
        tiny.steps(),
        tiny.batch(),
        learningRate,
        tiny.weightDecay(),
        tiny.rank(),
        tiny.alpha(),
        tiny.targets(),
        tiny.gamma1(),
        tiny.gamma2(),
        tiny.images(),
        tiny.imageSteps(),
        tiny.imageGuidance(),
        tiny.maxGradNorm(),
        tiny.checkpointEvery());
  }

  /** House to city by the closed form alone. */
  private static EraseRecipe closedForm(double lambda1, double mu, double prefix, double prior) {
    return recipe(
        new ClosedFormSettings(
            ClosedFormSettings.Sums.DRAWN, Params.KV, lambda1, mu, prefix, prior, 60, 0.1, 0.1));
  }

  private static EraseRecipe recipe(ClosedFormSettings settings) {
    EraseRecipe recipe = TinyModel.recipe();
    return recipe
        .with("concepts", List.of(HOUSE))
        .with("templates", TEMPLATES)
        .with("mining", new MiningSettings(true, 10, 0.72, 0.18, 0.98, 0.7, 0))
        .with("beyond", new BeyondSettings(true, 20, 1.1))
        .with("closed_form", settings)
        .with("alignment.enabled", false);
  }

  private Map<String, NDArray> erase(EraseRecipe recipe) throws IOException {
    run(recipe);
    return weights();
  }

  private JsonNode run(EraseRecipe recipe) throws IOException {
    return TinyRuns.run(root, recipe, "run" + ++runs);
  }

  /** Of the last run. */
  private Map<String, NDArray> weights() {
    return embeddings.projections(root.resolve("run" + runs));
  }

  private static int count(JsonNode manifest, String key) {
    return manifest.at("/results/samples/" + key).asInt();
  }

  private static void show(String what, double... found) {
    if (Boolean.getBoolean("realera.show-errors")) {
      System.out.printf("%s: %s%n", what, java.util.Arrays.toString(found));
    }
  }
}
