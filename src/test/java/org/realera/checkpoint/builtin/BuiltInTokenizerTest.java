package org.realera.checkpoint.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.realera.files.Digests;

class BuiltInTokenizerTest {
  @Test
  void itHasTheTokensOfClipWithTheirIds() {
    assertThat(BuiltInTokenizer.ids())
        .hasSize(BuiltInTokenizer.SIZE)
        .containsEntry("!", 0)
        .containsEntry("!</w>", 256)
        .containsEntry("in", 512)
        .containsEntry("<|startoftext|>", 49406)
        .containsEntry("<|endoftext|>", 49407);
  }

  @Test
  void itKnowsItselfInAModelsFilesAndNoOther() {
    String vocab = BuiltInTokenizer.vocabJson();
    String merges = BuiltInTokenizer.mergesText();
    assertThat(BuiltInTokenizer.isIn(files(vocab, merges))).isTrue();
    assertThat(BuiltInTokenizer.isIn(files(vocab.replace(":512,", ":99999,"), merges))).isFalse();
    assertThat(BuiltInTokenizer.isIn(files(vocab, merges.replace("i n\n", "")))).isFalse();
    assertThat(BuiltInTokenizer.isIn(files("not JSON", merges))).isFalse();
    assertThat(BuiltInTokenizer.isIn(Map.of("tokenizer/vocab.json", vocab))).isFalse();
  }

  @Test
  void theDigestsOfItsFilesAreThoseThatCopiesAreHeldAgainst() {
    assertThat(Digests.sha256(BuiltInTokenizer.vocabJson()))
        .isEqualTo(BuiltInTokenizer.VOCAB_SHA256);
    assertThat(Digests.sha256(BuiltInTokenizer.mergesText()))
        .isEqualTo(BuiltInTokenizer.MERGES_SHA256);
  }

  private static Map<String, String> files(String vocab, String merges) {
    return Map.of("tokenizer/vocab.json", vocab, "tokenizer/merges.txt", merges);
  }
}
