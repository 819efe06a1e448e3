package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import org.realera.tensor.Noise;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;

/** Made-up embeddings of the width and row norms of SD v1.4, for tests. */
final class Blocks {
  static final int WIDTH = 768;
  private static final String TEMPLATE = "a photo of the {}";

  private Blocks() {}

  /** Normal rows, of norm near sqrt(768), for "a photo of the [concept]" and its anchor. */
  static Concept.Rows block(NDManager scope, String concept, String anchor, long seed) {
    try (ClipTokenizer tokenizer =
        ClipTokenizer.load(Path.of("src/test/resources/org/realera/text/cut"))) {
      NDArray encoded = new Noise(seed).normal(scope, new Shape(77, WIDTH));
      NDArray anchorEncoded = new Noise(seed + 1).normal(scope, new Shape(77, WIDTH));
      return Concept.Rows.of(
          ConceptPrompt.of(TEMPLATE, concept, tokenizer),
          ConceptPrompt.of(TEMPLATE, anchor, tokenizer),
          encoded,
          anchorEncoded,
          scope);
    }
  }

  /** "and" to "the" with the same embedding for both. */
  static Concept.Rows blockOf(NDManager scope, NDArray encoded) {
    try (ClipTokenizer tokenizer =
        ClipTokenizer.load(Path.of("src/test/resources/org/realera/text/cut"))) {
      return Concept.Rows.of(
          ConceptPrompt.of(TEMPLATE, "and", tokenizer),
          ConceptPrompt.of(TEMPLATE, "the", tokenizer),
          encoded,
          encoded,
          scope);
    }
  }
}
