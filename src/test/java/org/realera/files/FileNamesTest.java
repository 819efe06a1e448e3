package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a photo of the airplane | a-photo-of-the-airplane",
        "Élan, vital! | elan-vital",
        "../../etc | etc",
        "猫 | 猫",
        "!!! | untitled",
        "🐱 | untitled"
      })
  void aTextBecomesAFileName(String text, String slug) {
    assertThat(FileNames.slug(text)).isEqualTo(slug);
  }

  @Test
  void aLongNameIsCutBetweenCharacters() {
    String gothic = "\ud800\udf30";
    assertThat(FileNames.slug("猫".repeat(100))).isEqualTo("猫".repeat(60));
    assertThat(FileNames.slug("x" + gothic.repeat(60))).isEqualTo("x" + gothic.repeat(30));
    assertThat(FileNames.slug("ab".repeat(50))).isEqualTo("ab".repeat(30));
    assertThat(FileNames.cut("a" + gothic, 2, 99)).isEqualTo("a");
    assertThat(FileNames.cut("a" + gothic, 3, 4)).isEqualTo("a");
    assertThat(FileNames.cut("a" + gothic, 3, 5)).isEqualTo("a" + gothic);
  }
}
