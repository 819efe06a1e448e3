package org.realera.checkpoint.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.TinyModel;
import org.realera.checkpoint.builtin.BuiltInTokenizer;
import org.realera.files.Json;

/** What tells one tokenizer from another. */
class ClipVocabularyTest {
  private static final Path CUT = Path.of("src/test/resources/org/realera/text/cut");

  /** Of the cut vocabulary; from hashlib over the tables in the order of the ids. */
  private static final String SHA256 =
      "a7cec1d8905ef604382723c3e374d58a2fa8edb4ffa406bef8b97f9889a4ad33";

  @TempDir Path folder;

  private String copy() throws IOException {
    Files.copy(CUT.resolve("vocab.json"), folder.resolve("vocab.json"));
    Files.copy(CUT.resolve("merges.txt"), folder.resolve("merges.txt"));
    return ClipVocabulary.read(folder).sha256();
  }

  @Test
  void theDigestIsTheSameOnAllMachines() {
    assertThat(ClipVocabulary.read(CUT).sha256()).isEqualTo(SHA256);
  }

  @Test
  void theDigestDoesNotDependOnHowTheTablesAreWritten() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), ClipVocabulary.read(CUT).tokenizerJson());
    Files.writeString(
        folder.resolve("special_tokens_map.json"),
        "{\"pad_token\": {\"content\": \"<|endoftext|>\"}, \"bos_token\": \"<|startoftext|>\"}");
    assertThat(ClipVocabulary.read(folder).sha256()).isEqualTo(SHA256);
  }

  @Test
  void whateverChangesTheIdsOfATextChangesTheDigest() throws IOException {
    Set<String> digests = new HashSet<>();
    digests.add(copy());
    Path vocab = folder.resolve("vocab.json");
    String table = Files.readString(vocab);
    TinyModel.edit(vocab, "\"the</w>\": 518", "\"the</w>\": 537");
    TinyModel.edit(vocab, "\"and</w>\": 537", "\"and</w>\": 518");
    digests.add(ClipVocabulary.read(folder).sha256());
    Files.writeString(vocab, table);
    TinyModel.edit(folder.resolve("merges.txt"), "i n\nt h\n", "t h\ni n\n");
    digests.add(ClipVocabulary.read(folder).sha256());
    Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": \"!\"}");
    digests.add(ClipVocabulary.read(folder).sha256());
    Files.writeString(folder.resolve("added_tokens.json"), "{\"<cat-toy>\": 1514}");
    digests.add(ClipVocabulary.read(folder).sha256());
    assertThat(digests).hasSize(5);
  }

  @Test
  void mergesThatAreCutOrLostAreRefusedWithTheirFile() throws IOException {
    copy();
    Path merges = folder.resolve("merges.txt");
    List<String> lines = Files.readAllLines(merges);
    Files.write(merges, lines.subList(0, lines.size() - 3));
    assertRefused(merges, "lacks merges: 3 of 1514 tokens come out of none, such as \"");
    lines.remove("t h");
    Files.write(merges, lines);
    assertRefused(merges, "lacks merges: 1 of 1514 tokens come out of none, such as \"th\"");
    Files.writeString(merges, "");
    assertRefused(merges, "lacks merges: 1000 of 1514 tokens come out of none, such as \"in\"");
  }

  @Test
  void aTokenizerJsonWithoutMergesIsRefused() throws IOException {
    Path whole = folder.resolve("tokenizer.json");
    ObjectNode json = (ObjectNode) Json.READER.readTree(ClipVocabulary.read(CUT).tokenizerJson());
    ((ObjectNode) json.get("model")).remove("merges");
    Files.writeString(whole, json.toString());
    assertRefused(whole, "lacks merges: 1000 of 1514 tokens come out of none, such as \"in\"");
  }

  @Test
  void aTokenThatStandsForItselfNeedsNoMerge() throws IOException {
    copy();
    TinyModel.edit(folder.resolve("vocab.json"), "{\"!\"", "{\"<cat-toy>\": 1514, \"!\"");
    assertRefused(folder.resolve("merges.txt"), "1 of 1515 tokens");
    Files.writeString(folder.resolve("added_tokens.json"), "{\"<cat-toy>\": 1514}");
    assertThat(ClipVocabulary.read(folder).size()).isEqualTo(1515);
  }

  @Test
  void clipsOwnVocabularyLacksNoMergeInEitherForm() throws IOException {
    Files.writeString(folder.resolve("vocab.json"), BuiltInTokenizer.vocabJson());
    Files.writeString(folder.resolve("merges.txt"), BuiltInTokenizer.mergesText());
    String read = ClipVocabulary.read(folder).sha256();
    assertThat(read).isEqualTo(ClipVocabulary.builtIn().sha256());
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve("tokenizer.json"), ClipVocabulary.builtIn().tokenizerJson());
    assertThat(ClipVocabulary.read(other).sha256()).isEqualTo(read);
  }

  private void assertRefused(Path file, String what) {
    assertThatThrownBy(() -> ClipVocabulary.read(folder))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageStartingWith("the tokenizer " + file + " ")
        .hasMessageContaining(what);
  }

  /** An empty file, or one that lost its beginning, would else be one that adds no tokens. */
  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "\"<cat-toy>\": 1514}", "\"<cat-toy>\""})
  void eachFileOfATokenizerIsAJsonObject(String text) throws IOException {
    copy();
    for (String name :
        List.of("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")) {
      Path file = Files.writeString(folder.resolve(name), text);
      assertThatThrownBy(() -> ClipVocabulary.read(folder))
          .isInstanceOf(RealeraException.class)
          .hasMessageMatching(
              Pattern.quote("the tokenizer " + file) + " is (no JSON object|not JSON: .*)");
      Files.delete(file);
    }
  }
}
