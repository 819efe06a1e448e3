package org.realera.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.eval.WrittenRun;
import org.realera.files.Json;

/** What a run's small files lack or have too much of is said with the file, never a defect. */
class DamagedRunTest {
  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void write() throws IOException {
    run = WrittenRun.in(folder);
    assertThat(RunReader.read(List.of(run))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tool",
        "suite",
        "label",
        "model",
        "model_fingerprint",
        "sets",
        "samples",
        "sampler",
        "batch",
        "device",
        "dtype",
        "shard",
        "published",
        "scoring"
      })
  void whatEveryRunHasIsMissed(String key) {
    Path file = run.resolve("run.json");
    for (boolean absent : new boolean[] {true, false}) {
      ObjectNode tree = (ObjectNode) Json.read(file);
      if (absent) {
        tree.remove(key);
      } else {
        tree.putNull(key);
      }
      Json.write(file, tree);
      assertRefused("run.json");
    }
  }

  @ParameterizedTest
  @CsvSource({"samples,0", "samples,2147483647", "batch,0", "batch,2147483647"})
  void numbersThatSizeSomethingHaveBounds(String key, int value) {
    Path file = run.resolve("run.json");
    Json.write(file, ((ObjectNode) Json.read(file)).put(key, value));
    assertRefused("run.json");
  }

  /** Else a page that is made of a stranger's run shows images from all over the disk. */
  @ParameterizedTest
  @ValueSource(strings = {"../../../home", "/home", "a/b", "a\\b", "..", ".", ""})
  void aSetIsNoPathToSomewhereElse(String name) {
    Path file = run.resolve("run.json");
    ObjectNode tree = (ObjectNode) Json.read(file);
    ((ObjectNode) tree.get("sets").get(0)).put("name", name);
    Json.write(file, tree);
    assertThat(assertRefused("run.json")).contains("'" + name + "'").contains("name of a folder");
  }

  @Test
  void thereAreNotAnyNumberOfImages() {
    Path file = run.resolve("run.json");
    ObjectNode tree = ((ObjectNode) Json.read(file)).put("samples", 10_000);
    ArrayNode prompts = ((ObjectNode) tree.get("sets").get(0)).putArray("prompts");
    for (int i = 0; i < 1_000; i++) {
      prompts.addObject().put("prompt", "a cat").put("seed", i);
    }
    Json.write(file, tree);
    assertThatThrownBy(() -> RunFiles.readRun(run))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageStartingWith(file.toString())
        .hasMessageEndingWith("10030000 images, expected at most 10000000");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_000_000, Integer.MAX_VALUE})
  void thereAreNotAnyNumberOfShards(int count) {
    Path file = run.resolve("run.json");
    ObjectNode tree = (ObjectNode) Json.read(file);
    tree.putObject("shard").put("index", 1).put("count", count);
    Json.write(file, tree);
    assertRefused("run.json");
  }

  @Test
  void aClassifierKnowsWhatItLookedFor() {
    Path file = run.resolve("run.json");
    ObjectNode tree = (ObjectNode) Json.read(file);
    ((ObjectNode) tree.get("sets").get(1)).put("subject", "captions");
    Json.write(file, tree);
    assertThat(assertRefused("run.json")).endsWith("'captions' is none of its labels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run.json", "fid.json", "images.csv"})
  void noFileIsTakenForSomethingElse(String name) throws IOException {
    byte[] latin1 = "\u00e9".getBytes(StandardCharsets.ISO_8859_1);
    for (String text : List.of("", "null", "[]", "{}", "{\"fid\": 1.5}", "\"", "a;b\n1;2\n")) {
      Files.writeString(run.resolve(name), text);
      assertRefused(name);
    }
    Files.write(run.resolve(name), latin1);
    assertRefused(name);
  }

  /** Of images that have been drawn again since, as after an erasure that was made anew. */
  @Test
  void aFidOfOtherImagesIsNotTakenForThatOfTheRun() {
    assertThat(RunReader.read(List.of(run)).get(0).model().fid()).isNotNull();
    new FidResult(12.5, 3, "other", "00", "reference", "01").write(run);
    assertThat(RunReader.read(List.of(run)).get(0).model().fid()).isNull();
  }

  @Test
  void aQuoteThatIsNeverClosedHasItsLine() throws IOException {
    Path file = run.resolve("images.csv");
    Files.writeString(file, Files.readString(file) + "\"erased,1\n");
    assertThat(assertRefused("images.csv")).contains("line ").contains("a quote is never closed");
  }

  private String assertRefused(String name) {
    RealeraException error =
        catchThrowableOfType(RealeraException.class, () -> RunReader.read(List.of(run)));
    assertThat(error).as(name).isNotNull();
    assertThat(error.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(error).hasMessageContaining(run.resolve(name).toString());
    return error.getMessage();
  }
}
