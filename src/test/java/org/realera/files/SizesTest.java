package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0.0 kB",
    "1234, 1.2 kB",
    "999999, 1000.0 kB",
    "1000000, 1.0 MB",
    "999999999, 1000.0 MB",
    "4265146304, 4.27 GB"
  })
  void sizesAreInPowersOfTen(long bytes, String words) {
    assertThat(Sizes.text(bytes)).isEqualTo(words);
  }
}
