package org.realera.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
  private static final Path CUT = Path.of("src/test/resources/org/realera/text/cut");

  @TempDir private Path folder;

  @Test
  void wordsHaveThreeLettersAndTheFirst20000OfThemAreFrequent() throws IOException {
    Files.copy(CUT.resolve("vocab.json"), folder.resolve("vocab.json"));
    Files.copy(CUT.resolve("merges.txt"), folder.resolve("merges.txt"));
    List<String> added = MoreWords.add(folder, 21_000);
    try (ClipTokenizer tokenizer = ClipTokenizer.load(folder)) {
      List<String> words = Vocabulary.words(tokenizer);
      int own = words.size() - 21_000;
      assertThat(words.subList(own, words.size())).isEqualTo(added);
      assertThat(words.subList(0, own)).contains("the", "and").allMatch(w -> w.length() >= 3);
      assertThat(Vocabulary.frequent(tokenizer)).isEqualTo(words.subList(0, 20_000));
    }
  }
}
