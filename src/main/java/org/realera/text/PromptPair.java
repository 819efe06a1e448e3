package org.realera.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.RealeraException;

/**
 * p(c) and p(c*): one template filled with the concept and with its anchor.
 *
 * @param concept p(c)
 * @param anchor p(c*)
 */
public record PromptPair(ConceptPrompt concept, ConceptPrompt anchor) {

  /**
   * Fills one template twice.
   *
   * @throws RealeraException (usage) as {@link ConceptPrompt#of}, and if both have the same tokens
   */
  public static PromptPair of(
      String template, String concept, String anchor, ClipTokenizer tokenizer) {
    PromptPair pair =
        new PromptPair(
            ConceptPrompt.of(template, concept, tokenizer),
            ConceptPrompt.of(template, anchor, tokenizer));
    if (tokenizer.ids(concept).equals(tokenizer.ids(anchor))) {
      throw RealeraException.usage(
          String.format("the anchor \"%s\" has the tokens of the concept \"%s\"", anchor, concept),
          "name something else as the anchor");
    }
    return pair;
  }

  /** Which rows go where. */
  public List<RowPair> rows() {
    return TokenPairing.pair(concept.span(), anchor.span(), ClipTokenizer.SEQUENCE_LENGTH);
  }

  /**
   * Cuts e, e* and the prefix out of the two embeddings.
   *
   * @param encoded E(p(c)), [77, d], borrowed; any device and float type
   * @param anchorEncoded E(p(c*)), [77, d], borrowed
   * @param scope owns the block's arrays, which are fp32 copies on {@code scope}'s device
   * @throws RealeraException (damaged) if there are numbers that are not finite
   */
  public ConceptBlock block(NDArray encoded, NDArray anchorEncoded, NDManager scope) {
    return ConceptBlock.of(concept.text(), rows(), encoded, anchorEncoded, scope);
  }
}
