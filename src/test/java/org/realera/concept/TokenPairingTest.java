package org.realera.concept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.ConceptSpan;

class TokenPairingTest {
  @Test
  void equalLengthsPairRowByRow() {
    assertThat(TokenPairing.anchorRows(new ConceptSpan(5, 1), new ConceptSpan(5, 1), 8))
        .containsExactly(5, 6, 7);
  }

  @Test
  void aLongerConceptRepeatsTheAnchorsLastToken() {
    assertThat(TokenPairing.anchorRows(new ConceptSpan(2, 3), new ConceptSpan(2, 2), 7))
        .containsExactly(2, 3, 3, 4, 5);
    assertThat(TokenPairing.anchorRows(new ConceptSpan(2, 4), new ConceptSpan(2, 1), 8))
        .containsExactly(2, 2, 2, 2, 3, 4);
  }

  @Test
  void aLongerAnchorGivesItsLastTokenToTheConceptsLast() {
    assertThat(TokenPairing.anchorRows(new ConceptSpan(2, 1), new ConceptSpan(2, 3), 8))
        .containsExactly(4, 5, 6, 7);
    assertThat(TokenPairing.anchorRows(new ConceptSpan(1, 2), new ConceptSpan(1, 4), 6))
        .containsExactly(1, 4, 5);
  }

  @Test
  void aLongAnchorTakesPartUpToTheEndOfTheSequence() {
    try (ClipTokenizer tokenizer = tokenizer()) {
      ConceptSpan concept = ConceptPrompt.of("a {}", "cat", tokenizer).span();
      ConceptSpan anchor = ConceptPrompt.of("a {}", "a person in clothes", tokenizer).span();
      int[] rows = TokenPairing.anchorRows(concept, anchor, 77);
      assertThat(rows).hasSize(1 + 77 - 6);
      assertThat(rows[0]).isEqualTo(5);
      assertThat(rows[rows.length - 1]).isEqualTo(76);
    }
  }

  @Test
  void anAnchorWithTheConceptsTokensIsAnError() {
    try (ClipTokenizer tokenizer = tokenizer()) {
      ConceptPair pair = new ConceptPair("cat , dog", "cat, dog");
      RealeraException error =
          catchThrowableOfType(RealeraException.class, () -> Concept.requireOther(pair, tokenizer));
      assertThat(error).hasMessageContaining("has the tokens of the concept");
    }
  }

  private static ClipTokenizer tokenizer() {
    return ClipTokenizer.builtIn();
  }
}
