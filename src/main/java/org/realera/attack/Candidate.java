package org.realera.attack;

/** What an attack would give the model in place of the prompt. */
public sealed interface Candidate {

  /**
   * Words, which anybody can type.
   *
   * @param prompt tokenized anew when it is drawn
   */
  record Words(String prompt) implements Candidate {}

  /**
   * What the U-Net reads, which no words need have.
   *
   * @param rows E, [77, d] row by row, fp32
   */
  record Embedding(float[] rows) implements Candidate {}
}
