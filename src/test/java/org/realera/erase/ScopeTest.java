package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Checkpoint;
import org.realera.concept.Concept;
import org.realera.concept.ConceptDistance;
import org.realera.concept.ConceptDistance.Zone;
import org.realera.concept.NamedNeighbors;
import org.realera.concept.NearbyWords;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.erase.Scope.Near;
import org.realera.erase.Scope.Range;
import org.realera.erase.Scope.Source;
import org.realera.erase.Scope.Tried;
import org.realera.tensor.Compute;
import org.realera.tensor.Precision;
import org.realera.text.ConceptPrompt;
import org.realera.text.TextModel;
import org.realera.text.Vocabulary;

/** Which words are measured, and that each has its own distance, however many go together. */
class ScopeTest {
  private static TextModel text;

  @BeforeAll
  static void load() {
    Compute cpu = new Compute(Device.cpu(), Precision.FP32);
    text = TextModel.load(Checkpoint.open(TinyModel.FOLDER), cpu);
  }

  @AfterAll
  static void close() {
    text.close();
  }

  private static Range measure(Map<Source, List<String>> texts, Tried tried) {
    return Scope.measure(text, TinyModel.recipe(), List.of("house"), texts, tried, done -> {})
        .get(0);
  }

  private static ConceptDistance alone(String template, String word) {
    ConceptPrompt concept = ConceptPrompt.of(template, "house", text.tokenizer());
    ConceptPrompt other = ConceptPrompt.of(template, word, text.tokenizer());
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      float[] own = text.encode(List.of(concept), scope).toFloatArray();
      float[] theirs = text.encode(List.of(other), scope).toFloatArray();
      return ConceptDistance.of(own, concept.span(), theirs, other.span(), own.length / 77);
    }
  }

  @Test
  void everyTextHasTheDistanceThatItHasByItself() {
    Range range = measure(Map.of(), new Tried(1_500, 0, 0));
    assertThat(range.texts()).hasSizeGreaterThan(16);
    for (int i = 0; i < range.texts().size(); i += 7) {
      Near near = range.texts().get(i);
      ConceptDistance own = alone("a photo of the {}", near.text());
      assertThat(near.distance().radius()).isCloseTo(own.radius(), within(1e-4));
      assertThat(near.distance().cosine()).isCloseTo(own.cosine(), within(1e-4));
    }
  }

  /** By the code of erase itself: two concepts share a word, and the anchor is no neighbor. */
  @Test
  void whatEraseWouldNameIsMarkedWhereverItLies() {
    Map<String, Object> mining = Map.of("mining.words", 6, "mining.s1", 1.0, "mining.s2", -1.0);
    EraseRecipe recipe = TinyModel.recipe().with(mining);
    List<ConceptPair> pairs =
        List.of(new ConceptPair("house", "city"), new ConceptPair("book", "city"));
    List<ConceptPair> named;
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      EraseRecipe whole = recipe.with("concepts", pairs);
      List<Concept> concepts = Concept.embed(pairs, recipe.templates(), text, scope);
      named =
          NamedNeighbors.of(concepts, whole, text, scope, held -> {}).stream()
              .map(Concept::pair)
              .toList();
    }
    Map<Source, List<String>> texts =
        Map.of(
            Source.ANCHOR, List.of("city"), Source.PROMPT, List.of(named.get(0).concept() + " "));
    List<Range> ranges =
        Scope.measure(
            text, recipe, List.of("house", "book"), texts, new Tried(9_999, 0, 0), d -> {});
    List<String> marked = new ArrayList<>();
    for (Range range : ranges) {
      assertThat(range.zones()).containsExactly(Zone.values());
      range.texts().stream()
          .filter(near -> near.zone() == Zone.NAMED)
          .peek(near -> assertThat(near.source()).isEqualTo(Source.VOCABULARY))
          .forEach(near -> marked.add(near.text()));
    }
    assertThat(marked)
        .containsExactlyInAnyOrderElementsOf(named.stream().map(ConceptPair::concept).toList())
        .hasSizeBetween(7, 12);
    assertThat(measure(Map.of(), new Tried(1, 1, 1)).zones())
        .containsExactly(Zone.INSIDE, Zone.BETWEEN, Zone.BEYOND);
  }

  @Test
  void aPromptIsComparedWithTheConceptByItself() {
    Range range = measure(Map.of(Source.PROMPT, List.of("the city")), new Tried(1, 1, 1));
    Near prompt =
        range.texts().stream().filter(t -> t.source() == Source.PROMPT).findFirst().orElseThrow();
    assertThat(prompt.distance().radius())
        .isCloseTo(alone("{}", "the city").radius(), within(1e-4))
        .isNotCloseTo(alone("a photo of the {}", "the city").radius(), within(1e-2));
  }

  @Test
  void ofALargeVocabularyTheNearestAndASpreadOfTheFrequentWordsAreTried() {
    List<String> words = Vocabulary.words(text.tokenizer());
    int frequent = Vocabulary.frequent(text.tokenizer()).size();
    Set<String> expected = new LinkedHashSet<>(new NearbyWords(text).nearestInputs("house", 5));
    expected.addAll(List.of(words.get(0), words.get(frequent / 3), words.get(2 * frequent / 3)));
    expected.remove("house");
    Range range = measure(Map.of(), new Tried(10, 5, 3));
    assertThat(range.texts()).extracting(Near::text).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(range.vocabulary()).isEqualTo(words.size());
    assertThat(measure(Map.of(), new Tried(words.size(), 5, 3)).texts())
        .hasSizeGreaterThan(expected.size());
  }
}
