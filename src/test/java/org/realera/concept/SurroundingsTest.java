package org.realera.concept;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.realera.text.Tokens;

/** 9 is the end token and the padding, as in SD v1.x. */
class SurroundingsTest {
  private static Tokens tokens(long... words) {
    long[] ids = new long[77];
    java.util.Arrays.fill(ids, 9);
    System.arraycopy(words, 0, ids, 1, words.length);
    ids[0] = 0;
    return new Tokens("", ids, words.length + 2, false);
  }

  @Test
  void wordsAroundPairAndTheConceptsOwnTokensHaveNoPart() {
    Surroundings around = Surroundings.of(tokens(1, 2, 5, 6, 3), tokens(1, 2, 7, 3));
    assertThat(around.rows()).startsWith(0, 1, 2, 5, 6, 7).doesNotContain(3, 4).endsWith(76);
    assertThat(around.partners()).startsWith(0, 1, 2, 4, 5, 6).doesNotContain(3).endsWith(75);
    assertThat(around.rows()).hasSameSizeAs(around.partners());
  }

  @Test
  void wordsThatBothHaveAreAround() {
    Surroundings around = Surroundings.of(tokens(1, 5, 4), tokens(1, 6, 4));
    assertThat(around.rows()).doesNotContain(2).hasSize(76).isEqualTo(around.partners());
  }

  @Test
  void theSameWordTwiceIsNotBeginningAndEndAtOnce() {
    Surroundings around = Surroundings.of(tokens(4, 4), tokens(4));
    assertThat(around.rows()).startsWith(0, 1, 3).endsWith(76);
    assertThat(around.partners()).startsWith(0, 1, 2).endsWith(75);
  }
}
