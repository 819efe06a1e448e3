package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.concept.NearbyWords;
import org.realera.erase.Scope.Near;
import org.realera.erase.Scope.Range;
import org.realera.files.Json;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.tensor.Compute;
import org.realera.tensor.Precision;
import org.realera.text.ClipTokenizer;
import org.realera.text.MoreWords;
import org.realera.text.TextModel;
import org.realera.text.Vocabulary;

/** How many words {@code realera scope} itself tries: the miniature with more and more words. */
class ScopeOfLargeVocabularyTest {
  private static final String ROWS = "text_model.embeddings.token_embedding.weight";
  private static final Compute CPU = new Compute(Device.cpu(), Precision.FP32);

  @TempDir private Path folder;

  private static List<String> words(Checkpoint model) {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(model.tokenizer(), model.textConfig())) {
      return Vocabulary.words(tokenizer);
    }
  }

  /** The miniature with so many words in all. */
  private Checkpoint model(int words) throws IOException {
    Path copy = TinyModel.copy(folder.resolve("model"));
    Path tokenizer = copy.resolve("tokenizer");
    MoreWords.add(tokenizer, words - words(Checkpoint.open(copy)).size());
    int tokens = Json.read(tokenizer.resolve("vocab.json")).size();
    Path config = copy.resolve("text_encoder/config.json");
    ObjectNode settings = (ObjectNode) Json.read(config);
    int more = tokens - settings.get("vocab_size").intValue();
    Files.writeString(config, settings.put("vocab_size", tokens).toString());
    Path weights = copy.resolve("text_encoder/model.safetensors");
    List<TensorSource> tensors = new ArrayList<>();
    Path grown = folder.resolve("grown.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      for (String name : file.tensors().keySet()) {
        TensorSource stored = TensorSource.stored(file, name);
        tensors.add(name.equals(ROWS) ? withRows(stored, more) : stored);
      }
      SafetensorsWriter.write(grown, Map.of(), tensors);
    }
    Files.move(grown, weights, StandardCopyOption.REPLACE_EXISTING);
    return Checkpoint.open(copy);
  }

  private static TensorSource withRows(TensorSource stored, int more) {
    List<Long> shape = stored.info().shape();
    float[] rows = new float[Math.toIntExact(more * shape.get(1))];
    Arrays.fill(rows, 1);
    TensorSource fresh = TensorSource.of(ROWS, DType.F32, List.of((long) more, shape.get(1)), rows);
    List<Long> grown = List.of(shape.get(0) + more, shape.get(1));
    return TensorSource.joined(ROWS, grown, List.of(stored, fresh));
  }

  private static List<String> tried(Checkpoint model, int vocabulary) {
    Range range =
        Scope.measure(model, TinyModel.recipe(), List.of("house"), Map.of(), CPU, done -> {})
            .get(0);
    assertThat(range.vocabulary()).isEqualTo(vocabulary);
    return range.texts().stream().map(Near::text).toList();
  }

  @Test
  void aVocabularyOf1500WordsIsTriedAsAWhole() throws IOException {
    Checkpoint model = model(1_500);
    Set<String> all = new LinkedHashSet<>(words(model));
    all.remove("house");
    assertThat(tried(model, 1_500)).hasSize(1_499).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void ofALargerOneThe256LikeliestWordsAndAnEvenSampleOf744AreTried() throws IOException {
    Checkpoint model = model(1_501);
    List<String> words = words(model);
    Set<String> expected = new LinkedHashSet<>();
    try (TextModel text = TextModel.load(model, CPU)) {
      expected.addAll(new NearbyWords(text).nearestInputs("house", 256));
    }
    for (int i = 0; i < 744; i++) {
      expected.add(words.get(i * 1_501 / 744));
    }
    expected.remove("house");
    assertThat(tried(model, 1_501))
        .hasSizeBetween(744, 1_000)
        .containsExactlyInAnyOrderElementsOf(expected);
  }
}
