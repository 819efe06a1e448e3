package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConceptPairTest {
  private static List<ConceptPair> pairs(int count) {
    return IntStream.range(0, count).mapToObj(i -> new ConceptPair("c" + i, "a")).toList();
  }

  /** As names are pasted or typed: a blank that does not break, no width, an accent by itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Dal\u00ed\u00a0", "\ufeffDa\u200bl\u00ed", "dali\u0301", "DA\u00adL\u00cd"})
  void whatTheModelReadsAsTheSameIsTheSameName(String written) {
    assertThat(ConceptPair.isSame("Dal\u00ed", written)).isTrue();
    assertThat(ConceptPair.isSame("Dali", written)).isFalse();
    assertThat(new ConceptPair(written, "art").concept()).isEqualToIgnoringCase("dal\u00ed");
    assertThatThrownBy(() -> new ConceptPair("Dal\u00ed", written))
        .hasMessageContaining("the concept itself");
    EraseRecipe recipe =
        EraseRecipe.DEFAULT.with("concepts", List.of(new ConceptPair("Dal\u00ed", "art")));
    assertThatThrownBy(() -> recipe.with("preserve", List.of(written)))
        .hasMessageContaining("which is also a concept to erase");
  }

  @Test
  void aConceptOfWhatTheModelDoesNotSeeIsNone() {
    assertThatThrownBy(() -> new ConceptPair("\u200b\u00a0", "art"))
        .hasMessage("concepts.concept is empty");
  }

  @Test
  void aPathKeepsItsBlanks() {
    EraseRecipe recipe = RecipeReader.standard(MethodName.SPEED);
    assertThat(recipe.with("prior.captions", " a  b\u00a0c.txt ").prior().captions())
        .isEqualTo("a  b\u00a0c.txt");
  }

  @Test
  void ofManyAFewAreNamedAndNeverOneIsMore() {
    assertThat(ConceptPair.inWords(pairs(1))).isEqualTo("c0 -> a");
    assertThat(ConceptPair.inWords(pairs(6))).endsWith("c4 -> a, c5 -> a");
    assertThat(ConceptPair.inWords(pairs(7))).endsWith("c4 -> a and 2 more");
  }
}
