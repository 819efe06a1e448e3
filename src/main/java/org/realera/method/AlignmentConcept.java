package org.realera.method;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.realera.text.ConceptBlock;

/**
 * A concept as the alignment needs it; all is borrowed.
 *
 * @param blocks one for each template, in order
 * @param latents of pictures of the anchor that the original model drew, [n, 4, h, w] fp32 on the
 *     CPU
 */
public record AlignmentConcept(List<ConceptBlock> blocks, NDArray latents) {
  public AlignmentConcept {
    blocks = List.copyOf(blocks);
  }
}
