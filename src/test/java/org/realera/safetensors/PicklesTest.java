package org.realera.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class PicklesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"504b030400000808000000", "80028a0a6cfc9c46f92006", "8004950000000000"})
  void aPickleIsOneWhateverItIsCalled(String hex) {
    Path file = SafetensorsBytes.write(folder, java.util.HexFormat.of().parseHex(hex + "0000"));
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
              assertThat(e).hasMessageContaining(file + " is a pickle, which is not read");
              assertThat(e.remedy()).contains("from_single_file");
            });
  }

  @Test
  void aHeaderWhoseLengthLooksLikeAPickleIsRead() {
    // 0x0280 bytes: the file begins as a pickle of protocol 2 does
    String entry = SafetensorsBytes.entry("x", "F32", "[1]", 0, 4);
    String header = ("{" + entry + "}").concat(" ".repeat(0x280 - entry.length() - 2));
    Path file = SafetensorsBytes.write(folder, SafetensorsBytes.file(header, new byte[4]));
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      assertThat(opened.tensors()).containsOnlyKeys("x");
    }
  }
}
