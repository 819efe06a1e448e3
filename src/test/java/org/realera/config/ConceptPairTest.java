package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConceptPairTest {
  private static List<ConceptPair> pairs(int count) {
    return IntStream.range(0, count).mapToObj(i -> new ConceptPair("c" + i, "a")).toList();
  }

  @Test
  void ofManyAFewAreNamedAndNeverOneIsMore() {
    assertThat(ConceptPair.inWords(pairs(1))).isEqualTo("c0 -> a");
    assertThat(ConceptPair.inWords(pairs(6))).endsWith("c4 -> a, c5 -> a");
    assertThat(ConceptPair.inWords(pairs(7))).endsWith("c4 -> a and 2 more");
  }
}
