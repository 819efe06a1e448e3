package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Checkpoint;
import org.realera.concept.ConceptDistance;
import org.realera.concept.NearbyWords;
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
