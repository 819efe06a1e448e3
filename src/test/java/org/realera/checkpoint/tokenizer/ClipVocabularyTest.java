package org.realera.checkpoint.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.TinyModel;

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
}
