package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.checkpoint.Manifest;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                             | its object",
        "{\"model\": \"oven\"}                            | model",
        "{\"model\": {\"ref\": {}}}                       | model.ref",
        "{\"recipe\": 1, \"losses\": [0.5, \"x\"]}          | losses[1]",
      })
  void ofARecordTheKeyIsNamedThatDoesNotFit(String text, String key) throws IOException {
    Path file = Files.writeString(folder.resolve("realera.json"), text);
    assertThatThrownBy(() -> Manifest.read(folder))
        .isInstanceOf(RealeraException.class)
        .hasMessage(
            file
                + " does not say what realera writes there: "
                + key
                + " is missing, or is not what should stand there (line 1)");
  }

  @Test
  void anEmptyFileIsSaidToBeEmpty() throws IOException {
    Path file = Files.writeString(folder.resolve("run.json"), "");
    assertThatThrownBy(() -> RunFiles.read(file, Map.class, (path, read) -> read))
        .hasMessage(file + " is no run file of this version: it is empty (line 1)");
  }

  /** The parser names its own classes and switches, and classes of ours. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": NaN}             | Non-standard token 'NaN' (line 1)",
        "{\"a\": /1}              | Unexpected character ('/' (code 47)) (line 1)",
        "{\"name\": \"no\"}         | no is no name (line 1)",
        "{}                       | something is missing (line 1)",
        "{\"name\": \"a\", \"name\": \"b\"} | a key stands twice",
      })
  void reasonsAreInPlainWords(String text, String reason) {
    JsonProcessingException e =
        catchThrowableOfType(
            JsonProcessingException.class, () -> Json.READER.forType(Named.class).readValue(text));
    assertThat(Json.reason(e)).startsWith(reason).doesNotContain("`", "Feature", "org.realera");
  }

  private record Named(String name) {
    Named {
      if (name.equals("no")) {
        throw new IllegalArgumentException("no is no name");
      }
    }
  }
}
