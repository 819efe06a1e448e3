package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.concept.Concept;
import org.realera.tensor.Noise;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;

/** Which prompts the text prior leaves out, seen in the matrix that it makes of the others. */
class TextPriorTest {
  private static final int WIDTH = 12;

  private NDManager scope;
  private ClipTokenizer tokenizer;
  private List<ConceptPrompt> prompts;
  private NDArray encoded;

  @BeforeEach
  void open() {
    scope = NDManager.newBaseManager(Device.cpu());
    tokenizer = ClipTokenizer.load(Path.of("src/test/resources/golden/tiny-sd/tokenizer"));
    prompts = Stream.of("cat", "dog", "sky", "bird", "ship").map(w -> prompt("a {}", w)).toList();
    encoded = new Noise(1).normal(scope, new Shape(prompts.size(), 77, WIDTH));
  }

  @AfterEach
  void close() {
    tokenizer.close();
    scope.close();
  }

  private ConceptPrompt prompt(String template, String word) {
    return ConceptPrompt.of(template, word, tokenizer);
  }

  /** A concept whose e is that of prompt {@code index}, but for a little noise. */
  private Concept.Rows near(int index) {
    NDArray rows =
        encoded.get(index).add(new Noise(50).normal(scope, new Shape(77, WIDTH)).mul(0.1));
    ConceptPrompt p = prompt("a {}", "cat");
    return Concept.Rows.of(p, prompt("a {}", "dog"), rows, rows, scope);
  }

  private void assertStays(List<Concept.Rows> erased, double leaveOut, int... stay) {
    assertStays(new int[] {0, 1, 2, 3, 4}, erased, leaveOut, stay);
  }

  private void assertStays(int[] some, List<Concept.Rows> erased, double leaveOut, int... stay) {
    NDArray sum = TextPrior.sum(encoded, scope);
    try (Gram gram = TextPrior.gram(prompts, encoded, sum, some, erased, leaveOut);
        Gram expected = new Gram(WIDTH)) {
      for (int i : stay) {
        expected.add(encoded.get(new NDIndex("{}", i)), 1);
      }
      assertThat(gram.rows()).isEqualTo(77L * stay.length);
      double[] sums = gram.matrix().toDoubleArray();
      double[] direct = expected.matrix().toDoubleArray();
      for (int i = 0; i < sums.length; i++) {
        assertThat(sums[i]).isCloseTo(direct[i], within(1e-12 * sum.max().getDouble()));
      }
      if (stay.length == 0) {
        assertThat(gram.trace()).isZero();
      }
    }
  }

  @Test
  void theNearestPromptIsLeftOut() {
    assertStays(List.of(near(3)), 0.2, 0, 1, 2, 4);
    assertStays(List.of(near(0)), 0.2, 1, 2, 3, 4);
  }

  @Test
  void everyConceptLeavesOutWhatIsNearIt() {
    assertStays(List.of(near(3), near(1)), 0.4, 0, 2, 4);
  }

  @Test
  void theShareIsRoundedUp() {
    assertStays(List.of(near(3), near(1)), 0.21, 0, 2, 4);
  }

  @Test
  void aShareOfNothingLeavesAllAndAShareOfOneLeavesNone() {
    assertStays(List.of(near(3)), 0, 0, 1, 2, 3, 4);
    assertStays(List.of(near(3)), 1);
  }

  @Test
  void whatSpeaksOfAConceptHasNoPartAndTheShareIsOfTheOthers() {
    assertStays(new int[] {0, 1, 2, 4}, List.of(near(3)), 0, 0, 1, 2, 4);
    assertStays(new int[] {0, 1, 2, 4}, List.of(near(1)), 0.25, 0, 2, 4);
    assertStays(new int[] {2, 4}, List.of(near(4)), 0.5, 2);
    assertStays(new int[] {}, List.of(near(4)), 0.5);
  }

  @Test
  void anEmbeddingThatIsNotFiniteIsNamed() {
    encoded.set(new NDIndex("3, 5, 2"), Float.POSITIVE_INFINITY);
    List<Concept.Rows> none = List.of();
    NDArray sum = TextPrior.sum(encoded, scope);
    int[] all = {0, 1, 2, 3, 4};
    assertThatThrownBy(() -> TextPrior.gram(prompts, encoded, sum, all, none, 0).close())
        .isInstanceOf(RealeraException.class)
        .hasMessage("the text prior's embedding of \"a bird\" is not finite");
  }
}
