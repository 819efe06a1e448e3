package org.realera.erase;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptBlock;
import org.realera.text.ConceptPrompt;
import org.realera.text.PromptPair;

/**
 * A concept to erase with its embeddings.
 *
 * @param pair c and c*
 * @param prompts p(c) and p(c*), one pair for each template
 * @param blocks e, e* and what goes before, one for each template
 */
record ErasedConcept(ConceptPair pair, List<PromptPair> prompts, List<ConceptBlock> blocks) {

  /**
   * Fills the templates with each concept of the recipe and encodes them.
   *
   * @param scope owns the blocks; a manager of the CPU
   * @throws org.realera.RealeraException (usage) if a concept is no span of its prompt, is cut off,
   *     or has the tokens of its anchor
   */
  static List<ErasedConcept> encode(
      EraseRecipe recipe, ClipTokenizer tokenizer, ClipTextEncoder encoder, NDManager scope) {
    List<ErasedConcept> concepts = new ArrayList<>();
    for (ConceptPair pair : recipe.concepts()) {
      List<PromptPair> prompts =
          recipe.templates().stream()
              .map(t -> PromptPair.of(t, pair.concept(), pair.anchor(), tokenizer))
              .toList();
      List<ConceptBlock> blocks = new ArrayList<>();
      for (PromptPair prompt : prompts) {
        try (NDManager inner = scope.newSubManager()) {
          NDArray both = onCpu(encoder, inner, List.of(prompt.concept(), prompt.anchor()));
          blocks.add(prompt.block(both.get(0), both.get(1), scope));
        }
      }
      concepts.add(new ErasedConcept(pair, prompts, blocks));
    }
    return concepts;
  }

  /**
   * Encodes prompts.
   *
   * @param scope owns the result; a manager of the CPU
   * @return [n, 77, d] fp32 on the CPU
   */
  static NDArray onCpu(ClipTextEncoder encoder, NDManager scope, List<ConceptPrompt> prompts) {
    long[][] ids = prompts.stream().map(p -> p.tokens().ids()).toArray(long[][]::new);
    NDArray encoded = encoder.encode(scope, ids);
    NDArray moved = encoded.toDevice(Device.cpu(), false);
    moved.attach(scope);
    return moved;
  }
}
