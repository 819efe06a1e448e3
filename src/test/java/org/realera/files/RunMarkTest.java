package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunMarkTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "{\"schema\":\"realera-eval-run/3\", \"x\": 1} | realera-eval-run/3",
        "'{\n  \"schema\" : \"realera-attack-run/2\"' | realera-attack-run/2",
        "{\"schema\": \"another-run/1\"} |",
        "{\"x\": \"realera-eval-run/3\"} |",
        "not JSON \"realera-eval-run/3\" |",
        "{} |"
      })
  void aRunIsKnownByItsFirstKey(String text, String schema) throws IOException {
    assertThat(RunMark.schema(folder)).isEmpty();
    Files.writeString(folder.resolve(RunMark.FILE), text);
    assertThat(RunMark.schema(folder).orElse(null)).isEqualTo(schema);
  }
}
