package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.closedform.Gram;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.text.ConceptPrompt;
import org.realera.text.ConceptSpan;
import org.realera.text.TextModel;

/** Real text to hold: which of it, and the rows that come of it. */
class PriorTest extends TinyModelTests {
  private static TextModel text;
  private static long width;

  private final RecordingRun run = new RecordingRun(Path.of("unused"));

  @BeforeAll
  static void loadText() {
    text = model.loadText();
    width = model.textWidth();
  }

  @AfterAll
  static void unloadText() {
    text.close();
  }

  /** Of a file with so many captions, each of another length; the first names the concept. */
  private Prior captions(int count) throws IOException {
    List<String> lines =
        IntStream.range(0, count)
            .mapToObj(i -> (i == 0 ? "the houses" : "a game") + " and the book".repeat(i))
            .toList();
    Path file = Files.write(root.resolve("captions.txt"), lines);
    return choose(recipe().with("prior.captions", file.toString()), count);
  }

  private static EraseRecipe recipe() {
    return RecipeReader.parse("a test", "concepts: [{concept: house, anchor: city}]\n");
  }

  private Prior choose(EraseRecipe recipe, int count) {
    return Prior.choose(recipe, List.of("a photo of the {}"), count, text.tokenizer(), run);
  }

  /** The rows of a text up to its end token, each of them by itself. */
  private static NDArray rows(ConceptPrompt prompt, NDManager scope) {
    NDArray all = text.encode(List.of(prompt), scope).get(0);
    return all.get("0:" + prompt.tokens().length());
  }

  @ParameterizedTest
  @ValueSource(ints = {1 + TextModel.AT_ONCE, 2 + TextModel.AT_ONCE, 2})
  void theLastRowOfACaptionIsThatOfItsLastWord(int count) throws IOException {
    Prior prior = captions(count);
    assertThat(prior.chosen()).hasSize(count - 1); // all but "the houses"
    NDArray last = prior.lastRows(text, width, run, scope);
    assertThat(last.getShape().getShape()).containsExactly(count - 1, width);
    for (int i = 0; i < count - 1; i++) {
      NDArray rows = rows(prior.chosen().get(i), scope);
      float[] expected = rows.get(rows.getShape().get(0) - 2).toFloatArray();
      assertThat(last.get(i).toFloatArray()).containsExactly(expected, within(1e-5f));
    }
    assertThat(run.cached).as("captions are as many as the user has").isEmpty();
    assertThat(run.steps).containsEntry(Stage.PRIOR, (long) count);
    assertThat(run.done.get(Stage.PRIOR)).endsWith((long) count - 1);
    assertThat(run.summaries).containsEntry(Stage.PRIOR, count - 1 + " captions");
  }

  /** The first captions of a file may all be of one kind. */
  @Test
  void captionsAreTakenEvenlyOverTheWholeFile() throws IOException {
    List<String> lines = IntStream.range(0, 10).mapToObj(i -> "a game" + " a".repeat(i)).toList();
    Path file = Files.write(root.resolve("captions.txt"), lines);
    EraseRecipe recipe = recipe().with("prior.captions", file.toString());
    assertThat(choose(recipe, 4).chosen())
        .extracting(ConceptPrompt::text)
        .containsExactly("a game", "a game a a", "a game a a a a a", "a game a a a a a a a");
    assertThat(choose(recipe, 10).chosen()).hasSize(10);
    assertThat(choose(recipe, 1000).chosen()).hasSize(10);
  }

  /** A concept of two words is named by both, not by one of them. */
  @Test
  void captionsMayHaveAWordOfTheConcept() throws IOException {
    List<String> lines =
        List.of("the black cat", "a friday", "black friday sale", "Black  Fridays");
    Path file = Files.write(root.resolve("captions.txt"), lines);
    EraseRecipe recipe =
        recipe()
            .with("concepts", List.of(new ConceptPair("black friday", "the day")))
            .with("prior.captions", file.toString());
    assertThat(choose(recipe, 4).chosen())
        .extracting(ConceptPrompt::text)
        .containsExactly("the black cat", "a friday");
  }

  /** As names are pasted or typed: a blank that does not break, no width, an accent by itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {"black caf\u00e9\u00a0", "black\u00a0caf\u00e9", "bla\u200bck cafe\u0301"})
  void aCaptionNamesTheConceptWhereTheModelReadsItAsTheSame(String written) throws IOException {
    Path file =
        Files.write(root.resolve("captions.txt"), List.of("the " + written, "black cafe", "a day"));
    EraseRecipe recipe = recipe().with("prior.captions", file.toString());
    for (String concept : List.of("black caf\u00e9", written)) {
      List<ConceptPair> pairs = List.of(new ConceptPair(concept, "the day"));
      assertThat(choose(recipe.with("concepts", pairs), 4).chosen())
          .extracting(ConceptPrompt::text)
          .containsExactly("black cafe", "a day");
    }
  }

  /** All of its tokens but start and end. */
  @Test
  void theWholeOfACaptionStandsInThePlaceOfTheWord() throws IOException {
    List<ConceptPrompt> all = captions(3).all();
    assertThat(all).hasSize(3);
    assertThat(all)
        .allSatisfy(
            prompt ->
                assertThat(prompt.span())
                    .isEqualTo(new ConceptSpan(1, prompt.tokens().length() - 2)));
    assertThat(all)
        .extracting(prompt -> text.tokenizer().ids(prompt.text()).size())
        .containsExactlyElementsOf(all.stream().map(prompt -> prompt.span().length()).toList());
  }

  /** Another tokenizer's embeddings of the same words are others. */
  @Test
  void aCacheKnowsPromptsByTheirWordsAndTokens() {
    ConceptPrompt house = ConceptPrompt.of("the {}", "house", text.tokenizer());
    ConceptPrompt city = ConceptPrompt.of("the {}", "city", text.tokenizer());
    List<String> keys = Prior.key(List.of(house, city));
    assertThat(keys.get(0)).startsWith("the house [1512, 518, 1212, 1513, ");
    assertThat(keys.get(1)).startsWith("the city [1512, 518, 1305, 1513, ");
  }

  /** The cache holds all words, whatever is erased; what is held is but those that were chosen. */
  @Test
  void theVocabularyIsCachedAndFilteredAfterThat() {
    Prior prior = choose(recipe().with("prior.without", List.of("family")), 400);
    assertThat(prior.chosen().size()).isLessThan(prior.all().size());
    assertThat(prior.chosen()).noneMatch(p -> p.concept().equals("family"));
    assertThat(prior.all()).anyMatch(p -> p.concept().equals("family"));
    NDArray last = prior.lastRows(text, width, run, scope);
    assertThat(last.getShape().getShape()).containsExactly(prior.chosen().size(), width);
    int i = prior.chosen().size() - 1;
    NDArray rows = rows(prior.chosen().get(i), scope);
    float[] expected = rows.get(rows.getShape().get(0) - 2).toFloatArray();
    assertThat(last.get(i).toFloatArray()).containsExactly(expected, within(1e-5f));
    assertThat(run.cached).hasSize(1);
    assertThat(run.cached.get(0)).hasSize(1 + prior.all().size());
    assertThat(run.summaries)
        .containsEntry(Stage.PRIOR, prior.chosen().size() + " prompts of the vocabulary");
  }

  /** The sum of x x^T, of all rows but the padding's. */
  @Test
  void theGramMatrixLeavesPaddingOut() throws IOException {
    Prior prior = captions(4);
    try (Gram gram = prior.gram(text, width, run);
        Gram padded = prior.gramWithPadding(text, width, run)) {
      double sum = 0;
      long rows = 0;
      for (ConceptPrompt prompt : prior.chosen()) {
        NDArray x = rows(prompt, scope).toType(DataType.FLOAT64, false);
        sum += x.square().sum().getDouble();
        rows += x.getShape().get(0);
      }
      assertThat(gram.rows()).isEqualTo(rows);
      assertThat(gram.trace()).isCloseTo(sum, within(1e-5 * sum));
      assertThat(padded.rows()).isEqualTo(77L * prior.chosen().size());
      assertThat(padded.trace()).isGreaterThan(gram.trace());
    }
  }

  @Test
  void whatIsHeldAnywayIsNoPartOfThePrior() throws IOException {
    Prior prior = captions(4);
    String one = prior.chosen().get(1).text();
    Prior less = prior.butNot(List.of(one, "what it does not have"));
    assertThat(less.chosen()).hasSize(2).noneMatch(p -> p.text().equals(one));
    assertThat(less.all()).isEqualTo(prior.all());
    assertThat(prior.butNot(List.of()).chosen()).isEqualTo(prior.chosen());
  }
}
