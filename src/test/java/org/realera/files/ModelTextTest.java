package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Beyonc\u00e9 Live",
        "Beyonc\u00e9 Live\u00a0",
        "\u2003Beyonc\u00e9\u00a0\t Live",
        "\ufeffBeyonc\u00e9 Li\u200bve",
        "Bey\u00adonc\u00e9\u2028Live",
        "Beyonce\u0301 Live"
      })
  void whatTheModelDoesNotSeeMakesNoOtherName(String written) {
    assertThat(ModelText.tidy(written)).isEqualTo("Beyonc\u00e9 Live");
    assertThat(ModelText.isSame("beyonc\u00e9 LIVE", written)).isTrue();
    assertThat(ModelText.isSame("Beyonce Live", written)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "\u00a0", "\u200b\ufeff", "\u00ad\u2003", "\u0007"})
  void whatTheModelReadsNothingInIsBlank(String text) {
    assertThat(ModelText.isBlank(text)).isTrue();
    assertThat(ModelText.isBlank(text + "x")).isFalse();
  }

  @Test
  void charactersOfChineseStandApartOnlyToLookForWords() {
    assertThat(ModelText.tidy("\u6771\u4eac City")).isEqualTo("\u6771\u4eac City");
    assertThat(ModelText.apart("\u6771\u4eac City")).isEqualTo("\u6771 \u4eac City");
  }
}
