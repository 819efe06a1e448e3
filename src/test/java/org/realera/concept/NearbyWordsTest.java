package org.realera.concept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.text.ConceptPrompt;
import org.realera.text.Vocabulary;

/** Words near a concept, and those of them that are erased along with it, on the miniature. */
class NearbyWordsTest extends TinyText {
  private static final String TEMPLATE = "a photo of the {}";
  private static final int START = 5;

  private NearbyWords nearby;

  @BeforeEach
  void ofTheText() {
    nearby = new NearbyWords(text);
  }

  private static double cosine(double[] a, double[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }

  private static double[] numbers(NDArray array) {
    return array.toType(DataType.FLOAT64, true).toDoubleArray();
  }

  private Concept concept(String name, String anchor) {
    return Concept.embed(List.of(new ConceptPair(name, anchor)), List.of(TEMPLATE), text, scope)
        .get(0);
  }

  private static MiningSettings between(double s2, double s1) {
    return EraseRecipe.DEFAULT.with(Map.of("mining.s1", s1, "mining.s2", s2)).mining();
  }

  /** Of a concept of several tokens it is their mean that counts. */
  @Test
  void wordsAreTriedInTheOrderOfTheirInputEmbeddings() {
    String name = "text_model.embeddings.token_embedding.weight";
    NDArray table = text.weights().read(name, scope);
    for (String concept : List.of("house", "lighthouse keeper")) {
      List<Long> ids = text.tokenizer().ids(concept);
      double[] mean = new double[(int) table.getShape().get(1)];
      for (long id : ids) {
        double[] row = numbers(table.get(id));
        for (int i = 0; i < mean.length; i++) {
          mean[i] += row[i] / ids.size();
        }
      }
      List<String> words = Vocabulary.frequent(text.tokenizer());
      Map<String, Double> cosines = new HashMap<>();
      for (String word : words) {
        assertThat(text.tokenizer().ids(word)).hasSize(1);
        cosines.put(word, cosine(numbers(table.get(text.tokenizer().ids(word).get(0))), mean));
      }
      List<String> expected = new ArrayList<>(words);
      expected.sort(Comparator.comparing(cosines::get).reversed());
      assertThat(nearby.nearestInputs(concept, 20)).isEqualTo(expected.subList(0, 20));
    }
    assertThat(text.tokenizer().ids("lighthouse keeper").size()).isGreaterThan(1);
    assertThat(nearby.nearestInputs("house", 3).get(0)).isEqualTo("house");
  }

  @Test
  void aCosineIsThatOfTheRowsFromTheWordOn() {
    Concept house = concept("house", "city");
    List<String> words = List.of("city", "game", "house");
    List<NearbyWords.Word> found = nearby.cosines(house.rows().get(0), TEMPLATE, words);
    assertThat(found).extracting(NearbyWords.Word::text).isEqualTo(words);
    for (NearbyWords.Word word : found) {
      ConceptPrompt prompt = ConceptPrompt.of(TEMPLATE, word.text(), text.tokenizer());
      double[] rows = numbers(text.encode(List.of(prompt), scope).get(0).get(START + ":"));
      double expected = cosine(rows, numbers(house.rows().get(0).e()));
      assertThat(word.cosine()).as(word.text()).isCloseTo(expected, within(1e-5));
    }
    assertThat(found.get(2).cosine()).isCloseTo(1, within(1e-5));
    assertThat(nearby.cosines(house.rows().get(0), TEMPLATE, List.of())).isEmpty();
  }

  @Test
  void whatIsFoundLiesWithinTheThresholdsNearestFirst() {
    Concept house = concept("House", "city");
    List<String> tried = new ArrayList<>(nearby.nearestInputs("House", MiningSettings.MOST_WORDS));
    assertThat(tried).hasSize(MiningSettings.MOST_WORDS).contains("house");
    tried.remove("house");
    List<NearbyWords.Word> all =
        new ArrayList<>(nearby.cosines(house.rows().get(0), TEMPLATE, tried));
    all.sort(Comparator.comparingDouble(NearbyWords.Word::cosine).reversed());
    MiningSettings window = between(all.get(12).cosine(), all.get(3).cosine());
    assertThat(nearby.find(house, TEMPLATE, window, 64)).isEqualTo(all.subList(3, 13));
    assertThat(nearby.find(house, TEMPLATE, window, 4)).isEqualTo(all.subList(3, 7));
  }

  /** By its name, for a cosine may round to more or less than that of the thresholds. */
  @Test
  void aConceptIsNoNeighborOfItself() {
    Concept.Rows rows = concept("city", "game").rows().get(0);
    double cosine = nearby.cosines(rows, TEMPLATE, List.of("house")).get(0).cosine();
    assertThat(cosine).isStrictlyBetween(-1.0, 1.0);
    List<NearbyWords.Word> found =
        nearby.find("House", rows, TEMPLATE, between(-1, 1), MiningSettings.MOST_WORDS);
    assertThat(found)
        .hasSizeGreaterThan(10)
        .extracting(NearbyWords.Word::text)
        .doesNotContain("house");
  }

  @Test
  void neighborsWithANameGoWithTheFirstConceptAndWithItsAnchor() {
    Map<String, Object> settings =
        Map.of("mining.words", 24, "mining.s1", 1.0, "mining.s2", -1.0, "beyond.enabled", false);
    List<ConceptPair> pairs =
        List.of(new ConceptPair("house", "city"), new ConceptPair("book", "game"));
    EraseRecipe recipe =
        EraseRecipe.DEFAULT
            .with(settings)
            .with("concepts", pairs)
            .with("templates", List.of(TEMPLATE, "{} in the world"));
    List<Concept> concepts = Concept.embed(pairs, recipe.templates(), text, scope);
    List<String> ofHouse = words(concepts.get(0), recipe);
    List<String> ofBook = words(concepts.get(1), recipe);
    assertThat(ofHouse).hasSize(24).anyMatch(ofBook::contains).anyMatch(w -> !ofBook.contains(w));
    String kept = ofHouse.stream().filter(w -> !ofBook.contains(w)).findFirst().orElseThrow();

    recipe = recipe.with("preserve", List.of(kept.toUpperCase(Locale.ROOT)));
    Set<String> taken = new HashSet<>(List.of("house", "city", "book", "game", kept));
    List<ConceptPair> expected = new ArrayList<>();
    ofHouse.stream().filter(taken::add).forEach(w -> expected.add(new ConceptPair(w, "city")));
    ofBook.stream().filter(taken::add).forEach(w -> expected.add(new ConceptPair(w, "game")));
    List<Concept> named = NamedNeighbors.of(concepts, recipe, text, scope, held -> {});
    assertThat(named).extracting(Concept::pair).isEqualTo(expected);
    assertThat(named.get(0).rows()).hasSize(2);

    assertThat(NamedNeighbors.of(concepts, recipe.with("mining.words", 0), text, scope, held -> {}))
        .isEmpty();
    EraseRecipe off = recipe.with("mining.enabled", false);
    assertThat(NamedNeighbors.of(concepts, off, text, scope, held -> {})).isEmpty();
  }

  @Test
  void aWordOfAPreservedTextInTheSingularOrAPluralIsNoNeighbor() {
    Map<String, Object> settings =
        Map.of("mining.words", 24, "mining.s1", 1.0, "mining.s2", -1.0, "beyond.enabled", false);
    List<ConceptPair> pairs = List.of(new ConceptPair("house", "city"));
    EraseRecipe recipe =
        EraseRecipe.DEFAULT
            .with(settings)
            .with("concepts", pairs)
            .with("templates", List.of(TEMPLATE));
    List<Concept> concepts = Concept.embed(pairs, recipe.templates(), text, scope);
    List<String> all = words(concepts.get(0), recipe);
    String word = all.stream().filter(w -> !List.of("city").contains(w)).findFirst().orElseThrow();
    List<String> others = all.stream().filter(w -> !List.of("city", word).contains(w)).toList();
    for (String kept : List.of(word + "s", "the " + word, "old " + word + "es, many", word)) {
      List<String> held = new ArrayList<>();
      EraseRecipe keeping = recipe.with("preserve", List.of("a sea", kept));
      assertThat(NamedNeighbors.of(concepts, keeping, text, scope, held::add))
          .as(kept)
          .extracting(named -> named.pair().concept())
          .isEqualTo(others);
      assertThat(held).as(kept).isEqualTo(kept.equals(word) ? List.of() : List.of(word));
    }
    for (String other : List.of(word + "x", "un" + word)) {
      EraseRecipe keeping = recipe.with("preserve", List.of(other));
      assertThat(NamedNeighbors.of(concepts, keeping, text, scope, held -> {}))
          .as(other)
          .extracting(named -> named.pair().concept())
          .contains(word);
    }
  }

  private List<String> words(Concept concept, EraseRecipe recipe) {
    return nearby.find(concept, TEMPLATE, recipe.mining(), recipe.mining().words()).stream()
        .map(NearbyWords.Word::text)
        .toList();
  }
}
