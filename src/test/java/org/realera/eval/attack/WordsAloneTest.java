package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsAloneTest {

  @ParameterizedTest
  @CsvSource({
    "york film a photo of the Bird, york film a photo of the sky",
    "birds blackbird bird-bath bird, birds blackbird sky-bath sky",
    "birdétoile bird2 , birdétoile bird2"
  })
  void onlyTheConceptsOwnWordsAreTakenOut(String found, String words) {
    assertThat(WordsAlone.of(found, "bird", "sky")).isEqualTo(words);
  }

  @Test
  void aConceptOfTwoWordsIsTakenOutWhole() {
    assertThat(WordsAlone.of("van  gogh's van $1", " Van Gogh ", "$1")).isEqualTo("$1's van $1");
    assertThat(WordsAlone.of("a photo of c++", "c++", null)).isEqualTo("a photo of");
  }
}
