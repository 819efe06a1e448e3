package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import org.realera.tensor.Noise;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptBlock;
import org.realera.text.PromptPair;

/** Made-up embeddings of the width and row norms of SD v1.4, for tests. */
final class Blocks {
  static final int WIDTH = 768;

  private Blocks() {}

  /** Normal rows, of norm near sqrt(768), for "a photo of the [concept]" and its anchor. */
  static ConceptBlock block(NDManager scope, String concept, String anchor, long seed) {
    try (ClipTokenizer tokenizer =
        ClipTokenizer.load(Path.of("src/test/resources/org/realera/text/cut"))) {
      NDArray encoded = new Noise(seed).normal(scope, new Shape(77, WIDTH));
      NDArray anchorEncoded = new Noise(seed + 1).normal(scope, new Shape(77, WIDTH));
      return PromptPair.of("a photo of the {}", concept, anchor, tokenizer)
          .block(encoded, anchorEncoded, scope);
    }
  }

  /** "and" to "the" with the same embedding for both. */
  static ConceptBlock blockOf(NDManager scope, NDArray encoded) {
    try (ClipTokenizer tokenizer =
        ClipTokenizer.load(Path.of("src/test/resources/org/realera/text/cut"))) {
      return PromptPair.of("a photo of the {}", "and", "the", tokenizer)
          .block(encoded, encoded, scope);
    }
  }
}
