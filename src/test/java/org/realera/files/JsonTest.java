package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelCard;
import org.realera.eval.run.RunFiles;

/** What is read as JSON, and what is not. */
class JsonTest {
  @TempDir private Path folder;

  /** Of {"a": 1} with a damaged beginning, which Python refuses, too. */
  @ParameterizedTest
  @ValueSource(strings = {"\"a\": 1}", "null\"a\": 1}", "{}{\"a\": 1}", "{} 1", "{}}"})
  void nothingFollowsTheEndOfAValue(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), text);
    for (ObjectReader reader : List.of(Json.READER, Json.PYTHON, Json.STRICT)) {
      assertThatThrownBy(() -> reader.readTree(text)).isInstanceOf(JsonProcessingException.class);
    }
    assertThatThrownBy(() -> Json.read(file))
        .isInstanceOf(RealeraException.class)
        .hasMessageStartingWith(file + " is not JSON: ");
    assertThatThrownBy(() -> Json.read(file, Map.class, "Mend it."))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> RunFiles.read(file, Map.class, (path, read) -> read))
        .isInstanceOf(RealeraException.class)
        .hasMessageStartingWith(file + " is no run file of this version: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "\"steps\"", "null"})
  void theCardOfAModelIsAnObject(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("card.json"), text);
    assertThatThrownBy(() -> ModelCard.of(folder, List.of("object")))
        .isInstanceOf(RealeraException.class)
        .hasMessage(file + " is no JSON object");
  }

  @Test
  void theErrorSaysSoInPlainWords() throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), "{\n}\n{}\n");
    assertThatThrownBy(() -> Json.read(file))
        .hasMessage(file + " is not JSON: more follows after its end (line 3)");
  }

  @Test
  void blanksMayFollow() throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), "{\"a\": 1}\n\n \t");
    assertThat(Json.read(file).path("a").asInt()).isEqualTo(1);
  }
}
