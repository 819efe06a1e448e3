package org.realera.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.tokenizer.ClipVocabulary;

/** Golden ids are made by {@code scripts/golden/tokenizer.py}. */
class ClipTokenizerTest {
  private static final Path CUT = Path.of("src/test/resources/org/realera/text/cut");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static ClipTokenizer full;
  private static ClipTokenizer cut;

  @BeforeAll
  static void open() {
    full = ClipTokenizer.builtIn();
    cut = ClipTokenizer.load(CUT);
  }

  @AfterAll
  static void close() {
    full.close();
    cut.close();
  }

  private static List<JsonNode> golden() throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        ClipTokenizerTest.class.getResourceAsStream("tokenizer-golden.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        cases.add(JSON.readTree(line));
      }
    }
    return cases;
  }

  private static void assertGolden(ClipTokenizer tokenizer, String key) throws IOException {
    List<String> wrong = new ArrayList<>();
    List<JsonNode> cases = golden();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(1000);
    for (JsonNode one : cases) {
      List<Long> expected = new ArrayList<>();
      one.path(key).forEach(id -> expected.add(id.asLong()));
      Tokens tokens = tokenizer.tokenize(one.path("text").asText());
      List<Long> ids = new ArrayList<>();
      for (int i = 0; i < tokens.length(); i++) {
        ids.add(tokens.ids()[i]);
      }
      if (!ids.equals(expected)) {
        wrong.add(one.path("text") + "\n  expected " + expected + "\n  found    " + ids);
      }
    }
    assertThat(wrong).as(wrong.size() + " of " + cases.size()).isEmpty();
  }

  @Test
  void idsAreThoseOfTheSlowTokenizerOnTheFullVocabulary() throws IOException {
    assertGolden(full, "full");
  }

  @Test
  void idsAreThoseOfTheSlowTokenizerOnACutVocabulary() throws IOException {
    assertGolden(cut, "cut");
  }

  @Test
  void aPaddingTokenOfItsOwnIsSpecialInTheTextToo(@TempDir Path folder) throws IOException {
    Files.copy(CUT.resolve("vocab.json"), folder.resolve("vocab.json"));
    Files.copy(CUT.resolve("merges.txt"), folder.resolve("merges.txt"));
    Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": \"!\"}");
    try (ClipTokenizer tokenizer = ClipTokenizer.load(folder)) {
      assertGolden(tokenizer, "pad");
      assertThat(tokenizer.tokenize("cat").ids()).hasSize(77).endsWith(0, 0, 0);
    }
  }

  /** What transformers 4.53.3 reads from these two files. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{\"pad_token\": \"<|endoftext|>\"}, {\"pad_token\": \"!\"}, !",
        "{\"pad_token\": \"!\"}, {}, !",
        "{}, {\"pad_token\": {\"content\": \"!\"}}, !",
        "{\"pad_token\": null}, {}, <|endoftext|>",
        "`{\"pad_token\": \"!\", \"added_tokens_decoder\": {}}`, {}, !",
        "{\"added_tokens_decoder\": {}}, {\"pad_token\": \"!\"}, <|endoftext|>",
        "`{\"pad_token\": \"<|endoftext|>\", \"added_tokens_decoder\": {}}`, {\"pad_token\":"
            + " \"!\"}, <|endoftext|>"
      })
  void theMapOfSpecialTokensHasTheLastWordUnlessTheConfigurationListsThem(
      String config, String map, String padding, @TempDir Path folder) throws IOException {
    copyCut(folder);
    Files.writeString(folder.resolve("tokenizer_config.json"), config);
    Files.writeString(folder.resolve("special_tokens_map.json"), map);
    assertThat(ClipVocabulary.read(folder).padding()).isEqualTo(padding);
  }

  @Test
  void theBuiltInVocabularyIsClips() {
    assertThat(full.size()).isEqualTo(49408);
    assertThat(full.ids("a photo of the airplane"))
        .containsExactly(320L, 1125L, 539L, 518L, 16451L);
    assertThat(full.token(16451)).isEqualTo("airplane</w>");
  }

  @Test
  void aPromptIsPaddedWithTheEndToken() {
    Tokens tokens = full.tokenize("cat");
    assertThat(tokens.ids()).hasSize(77).startsWith(49406, 2368, 49407, 49407).endsWith(49407);
    assertThat(tokens.length()).isEqualTo(3);
    assertThat(tokens.truncated()).isFalse();
  }

  @Test
  void aLongPromptIsCutAndEndsWithTheEndToken() {
    Tokens tokens = full.tokenize("cat ".repeat(76));
    assertThat(tokens.ids()).hasSize(77).endsWith(2368, 49407);
    assertThat(tokens.length()).isEqualTo(77);
    assertThat(tokens.truncated()).isTrue();
    assertThat(full.tokenize("cat ".repeat(75)).truncated()).isFalse();
  }

  @Test
  void aPaddingTokenOfTheCheckpointIsUsed(@TempDir Path folder) throws IOException {
    copyCut(folder);
    Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": \"!\"}");
    try (ClipTokenizer tokenizer = ClipTokenizer.load(folder)) {
      assertThat(tokenizer.tokenize("the").ids()).endsWith(0, 0);
    }
  }

  @Test
  void aTokenizerJsonServesWhereTheTwoFilesAreMissing(@TempDir Path folder) throws IOException {
    String json = ClipVocabulary.read(CUT).tokenizerJson();
    Files.writeString(folder.resolve("tokenizer.json"), json);
    try (ClipTokenizer tokenizer = ClipTokenizer.load(folder)) {
      assertGolden(tokenizer, "cut");
    }
  }

  @Test
  void tokensAreShownAsText() {
    assertThat(full.show(full.ids("Rutkowski été 🙂"))).isEqualTo("rut|kowski|é|té|🙂");
  }

  @Test
  void wordsAreWholeTokensOfLetters() {
    assertThat(cut.words(3)).isNotEmpty().allMatch(w -> w.matches("[a-z]{3,}")).contains("the");
    assertThat(full.isWord("Airplane")).isTrue();
    assertThat(full.isWord("airplne")).isFalse();
  }

  @Test
  void aFolderWithoutTokenizerIsNotFound(@TempDir Path folder) {
    assertThat(errorOf(folder).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void damagedTablesAreNamed(@TempDir Path folder) throws IOException {
    copyCut(folder);
    Path vocab = folder.resolve("vocab.json");
    Path merges = folder.resolve("merges.txt");
    Files.writeString(merges, Files.readString(merges) + "q zz</w>\n");
    assertThat(errorOf(folder)).hasMessageContaining("\"q zz</w>\"");
    Files.copy(
        CUT.resolve("merges.txt"), merges, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    String table = Files.readString(vocab);
    Files.writeString(vocab, table.replace("<|endoftext|>", "the end"));
    assertThat(errorOf(folder)).hasMessageContaining("no token <|endoftext|>");
    Files.writeString(vocab, table.substring(0, 1000));
    assertThat(errorOf(folder)).hasMessageContaining("is not JSON");
    Files.writeString(vocab, "[]");
    assertThat(errorOf(folder).kind()).isEqualTo(Kind.DAMAGED);
  }

  private static void copyCut(Path folder) throws IOException {
    for (String name : List.of("vocab.json", "merges.txt")) {
      Files.copy(CUT.resolve(name), folder.resolve(name));
    }
  }

  private static RealeraException errorOf(Path folder) {
    return catchThrowableOfType(RealeraException.class, () -> ClipTokenizer.load(folder).close());
  }
}
