package org.realera.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.TinyModel;
import org.realera.files.Json;
import org.realera.golden.Corpus;

/** Against transformers' slow CLIPTokenizer: scripts/golden/added_tokens.py. */
class AddedTokensTest {
  private static final Path CUT = Path.of("src/test/resources/org/realera/text/cut");

  @TempDir Path folder;

  static List<Path> read() {
    return cases("ids.json");
  }

  @ParameterizedTest
  @MethodSource("read")
  void addedTokensMatchFirstAsInTransformers(Path given) throws IOException {
    copy(given);
    JsonNode expected = Json.read(given.resolve("ids.json"));
    try (ClipTokenizer tokenizer = ClipTokenizer.load(folder)) {
      expected
          .get("ids")
          .properties()
          .forEach(
              e -> {
                List<Long> ids = new ArrayList<>();
                e.getValue().forEach(id -> ids.add(id.longValue()));
                assertThat(tokenizer.ids(e.getKey())).as("\"%s\"", e.getKey()).isEqualTo(ids);
              });
      assertThat(tokenizer.size()).isEqualTo(expected.get("size").intValue());
      assertThat(tokenizer.tokenize("the").ids()).endsWith(expected.get("pad").longValue());
    }
  }

  static List<Path> refused() {
    return cases("refused.txt");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void tablesThatContradictThemselvesAreRefused(Path given) throws IOException {
    copy(given);
    RealeraException refused =
        catchThrowableOfType(RealeraException.class, () -> ClipTokenizer.load(folder).close());
    assertThat(refused)
        .isNotNull()
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(Files.readString(given.resolve("refused.txt")).strip());
    assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
  }

  @Test
  void anEncoderHasARowForEachToken() throws IOException {
    Path model = TinyModel.copyTo(folder.resolve("model"));
    Checkpoint checkpoint = Checkpoint.open(model);
    ClipTokenizer.load(checkpoint.tokenizer(), checkpoint.textConfig()).close();
    Path config = model.resolve("text_encoder/config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replace("\"vocab_size\": 1514", "\"vocab_size\": 1520"));
    RealeraException more = refused(model);
    assertThat(more)
        .hasMessageContaining("has 1514 tokens, but the text encoder has rows for 1520");
    assertThat(more.remedy())
        .contains("added_tokens.json", "(pad_to_multiple_of)", "resize_token_embeddings(1514)");
    Files.writeString(config, text.replace("\"vocab_size\": 1514", "\"vocab_size\": 1513"));
    RealeraException fewer = refused(model);
    assertThat(fewer)
        .hasMessageContaining("has 1514 tokens, but the text encoder has rows for 1513");
    assertThat(fewer.remedy()).isEqualTo("Take both from one model.");
  }

  private static RealeraException refused(Path model) {
    Checkpoint checkpoint = Checkpoint.open(model);
    return catchThrowableOfType(
        RealeraException.class,
        () -> ClipTokenizer.load(checkpoint.tokenizer(), checkpoint.textConfig()).close());
  }

  @Test
  void anAddedTokenIsNoMisspeltWord() throws IOException {
    Files.writeString(folder.resolve("added_tokens.json"), "{\"<zqxjk>\": 1514}");
    copy(CUT);
    try (ClipTokenizer tokenizer = ClipTokenizer.load(folder)) {
      assertThat(Spelling.isKnown("zqxjk", tokenizer)).isFalse();
      assertThat(Spelling.isKnown("the <zqxjk>", tokenizer)).isTrue();
      assertThat(tokenizer.show(tokenizer.ids("the <zqxjk>"))).isEqualTo("the|<zqxjk>");
    }
  }

  private static List<Path> cases(String answer) {
    try (Stream<Path> folders = Files.list(Corpus.folder("tokenizer"))) {
      List<Path> found = folders.filter(f -> Files.exists(f.resolve(answer))).sorted().toList();
      assertThat(found).isNotEmpty();
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The vocabulary of a thousand merges, with what a case has beside it or changes in it. */
  private void copy(Path given) throws IOException {
    ObjectNode vocabulary = (ObjectNode) Json.read(CUT.resolve("vocab.json"));
    Path changes = given.resolve("vocab-changes.json");
    if (Files.exists(changes)) {
      vocabulary.setAll((ObjectNode) Json.read(changes));
      vocabulary.properties().removeIf(e -> e.getValue().isNull());
    }
    Files.writeString(folder.resolve("vocab.json"), vocabulary.toString());
    Files.copy(CUT.resolve("merges.txt"), folder.resolve("merges.txt"));
    for (Path file : TinyModel.files(given)) {
      if (!Files.exists(folder.resolve(file.getFileName()))) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }
}
