package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "cat=dog | cat=dog",
        "a b | 'a b'",
        "it's | 'it'\\''s'",
        "$HOME | '$HOME'",
        "\"\" | ''"
      })
  void wordsComeThroughAShellAsTheyAre(String word, String quoted) {
    assertThat(ShellWords.quote(word)).isEqualTo(quoted);
  }
}
