package org.realera.concept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
import org.realera.tensor.Noise;
import org.realera.text.ConceptPrompt;

/** From words to rows, on the miniature's text encoder. */
class ConceptTest extends TinyText {
  private static final List<String> TEMPLATES = List.of("a photo of the {}", "{} in the world");

  private NDArray encode(String template, String word) {
    return text.encode(List.of(ConceptPrompt.of(template, word, text.tokenizer())), scope).get(0);
  }

  @Test
  void everyConceptHasTheRowsOfEveryTemplate() {
    List<ConceptPair> pairs =
        List.of(new ConceptPair("house", "city"), new ConceptPair("book", "game"));
    List<Concept> concepts = Concept.embed(pairs, TEMPLATES, text, scope);
    assertThat(concepts).extracting(Concept::pair).isEqualTo(pairs);
    int[] starts = {5, 1};
    for (Concept concept : concepts) {
      assertThat(concept.rows()).hasSize(2);
      for (int i = 0; i < starts.length; i++) {
        Concept.Rows rows = concept.rows().get(i);
        NDArray p = encode(TEMPLATES.get(i), concept.pair().concept());
        NDArray pStar = encode(TEMPLATES.get(i), concept.pair().anchor());
        String from = starts[i] + ":";
        assertThat(rows.prompt())
            .isEqualTo(TEMPLATES.get(i).replace("{}", concept.pair().concept()));
        assertThat(rows.anchorPrompt())
            .isEqualTo(TEMPLATES.get(i).replace("{}", concept.pair().anchor()));
        assertClose(rows.e(), p.get(from));
        assertClose(rows.eStar(), pStar.get(from));
        assertClose(rows.prefix(), p.get(":" + starts[i]));
        assertClose(rows.encoded(), p);
        assertClose(rows.encodedAnchor(), pStar);
        assertThat(rows.length()).isEqualTo(77 - starts[i]);
        assertThat(rows.width()).isEqualTo(p.getShape().get(1)).isGreaterThan(1);
      }
    }
  }

  private static void assertClose(NDArray found, NDArray wanted) {
    assertThat(found.getShape()).isEqualTo(wanted.getShape());
    assertThat(found.sub(wanted).abs().max().getFloat()).isLessThan(1e-5f);
  }

  @Test
  void rowsLiveAsLongAsTheirScope() {
    NDManager inner = scope.newSubManager();
    List<Concept> concepts =
        Concept.embed(List.of(new ConceptPair("house", "city")), TEMPLATES, text, inner);
    Concept.Rows rows = concepts.get(0).rows().get(0);
    NDArray whole = rows.embed(rows.e(), inner);
    List<NDArray> all =
        List.of(rows.e(), rows.eStar(), rows.prefix(), rows.encoded(), rows.encodedAnchor(), whole);
    assertThat(all).noneMatch(NDArray::isReleased);
    inner.close();
    assertThat(all).allMatch(NDArray::isReleased);
  }

  @Test
  void aConceptIsNotItsOwnAnchor() {
    List<ConceptPair> same = List.of(new ConceptPair("house , city", "house, city"));
    assertThatThrownBy(() -> Concept.embed(same, TEMPLATES, text, scope))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("has the tokens of the concept \"house , city\"");
  }

  /** Rows of two numbers: from the word on they are at 0, 90 and 180 degrees to e's, or as e's. */
  @Test
  void nearnessIsTheCosineOfTheRowsFromTheWordOn() {
    NDArray e = scope.create(new float[] {3, 0, 0, 2}, new Shape(2, 2));
    NDArray encoded =
        scope.create(
            new float[] {
              9, 9, 6, 0, 0, 4, 7, 7, //
              9, 9, 0, 1, 1, 0, 7, 7, //
              9, 9, -3, 0, 0, -2, 7, 7, //
              9, 9, 5, 5, 5, 5, 0, 3
            },
            new Shape(4, 4, 2));
    assertThat(Nearness.cosine(encoded, 0, 1, e)).isCloseTo(1, within(1e-6));
    assertThat(Nearness.cosine(encoded, 1, 1, e)).isCloseTo(0, within(1e-6));
    assertThat(Nearness.cosine(encoded, 2, 1, e)).isCloseTo(-1, within(1e-6));
    // Only one row is left from the word on: it is compared with e's first.
    assertThat(Nearness.cosine(encoded, 3, 3, e)).isCloseTo(0, within(1e-6));
    assertThat(Nearness.cosine(encoded, 3, 2, e))
        .isCloseTo((15 + 6) / Math.sqrt((50 + 9) * (9 + 4)), within(1e-6));
    assertThat(encoded.get(new NDIndex("0,1,0")).getFloat()).isEqualTo(6);
  }

  @Test
  void theHighestOfManyIsThatOfEachAlone() {
    NDArray encoded = new Noise(3).normal(scope, new Shape(9, 77, 5));
    List<NDArray> concepts = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      concepts.add(new Noise(100 + i).normal(scope, new Shape(72 + i % 4, 5)));
    }
    int[] words = {8, 0, 3, 4};
    int[] starts = {1, 5, 1, 4};
    double[] highest = Nearness.highest(encoded, words, starts, concepts);
    for (int i = 0; i < words.length; i++) {
      double expected = -1;
      for (NDArray e : concepts) {
        expected = Math.max(expected, Nearness.cosine(encoded, words[i], starts[i], e));
      }
      assertThat(highest[i]).isCloseTo(expected, within(1e-6));
    }
    assertThat(Nearness.highest(encoded, words, starts, List.of())).containsOnly(-1);
  }
}
