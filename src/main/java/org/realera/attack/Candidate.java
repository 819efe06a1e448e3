package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;
import org.realera.text.ClipTokenizer;
import org.realera.text.TextModel;

/** What an attack would give the model in place of the prompt. */
public sealed interface Candidate {

  /**
   * Words, which anybody can type.
   *
   * @param prompt tokenized anew when it is drawn
   * @param alone the same without the concept's name, which the anchor's words stand for: what the
   *     original makes of it tells other words for the concept from the erased one made to work
   *     again. Null where nothing was searched for
   */
  record Words(String prompt, @Nullable String alone) implements Candidate {
    /** A prompt as it is. */
    public Words(String prompt) {
      this(prompt, null);
    }
  }

  /**
   * What the U-Net reads, which no words need have.
   *
   * @param rows E, [77, d] row by row, fp32
   */
  @SuppressWarnings("ArrayRecordComponent") // equality of embeddings is never asked for
  record Embedding(float[] rows) implements Candidate {
    /**
     * What the text encoder makes of tokens that need be none of the vocabulary.
     *
     * @param rows of the tokens, [77 d] row by row
     */
    static Embedding of(float[] rows, TextModel text) {
      try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        int length = ClipTokenizer.SEQUENCE_LENGTH;
        NDArray tokens = scope.create(rows, new Shape(1, length, rows.length / length));
        return new Embedding(text.encodeRows(tokens, scope).toFloatArray());
      }
    }
  }
}
