package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;

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
        "!!! | untitled"
      })
  void aTextBecomesAFileName(String text, String slug) {
    assertThat(FileNames.slug(text)).isEqualTo(slug);
  }
}
