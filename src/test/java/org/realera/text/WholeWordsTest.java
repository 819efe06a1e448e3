package org.realera.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "airplane\u00a0|an airplane",
        "airplane|an\u00a0air\u200bplane",
        "Van\u00a0Gogh|by van gogh",
        "Van Gogh|by van\u2003gogh.",
        "Dal\u00ed|art by dali\u0301",
        "Dali\u0301|art by DAL\u00cd",
        "\u6771\u4eac|\u7f8e\u3057\u3044\u6771\u4eac\u306e\u591c"
      })
  void aNameIsFoundAsTheModelReadsIt(String name, String text) {
    assertThat(WholeWords.any(List.of(name)).areIn(text)).isTrue();
    assertThat(WholeWords.anyOrPlural(List.of("x", name)).areIn(text)).isTrue();
  }

  @Test
  void partsOfWordsAreNoNames() {
    assertThat(WholeWords.any(List.of("car")).areIn("a scarlet\u00a0carpet, cars")).isFalse();
    assertThat(WholeWords.anyOrPlural(List.of("car")).areIn("a scarlet carpet, CARS")).isTrue();
    assertThat(WholeWords.anyOrPlural(List.of("Dali")).areIn("Dali\u0301")).isFalse();
  }

  @Test
  void placesAreThoseOfTheTextAsItIsRead() {
    Matcher found = WholeWords.any(List.of("cat")).in("a\u00a0\u00a0c\u00adat");
    assertThat(found.find()).isTrue();
    assertThat(found.start()).isEqualTo(2);
    assertThat(found.group()).isEqualTo("cat");
  }
}
