package org.realera.text;

import java.util.ArrayList;
import java.util.List;
import org.realera.RealeraException;

/**
 * Real text to be held where it is (ours, not the paper's): the templates filled with words that
 * are whole tokens of the model's own vocabulary. The same model and templates give the same
 * prompts.
 */
public final class PriorPrompts {
  private PriorPrompts() {}

  /**
   * Chooses words evenly over the vocabulary; where it has fewer than {@code count}, each word goes
   * through several templates.
   *
   * @return at most {@code count} prompts, no two the same
   * @throws RealeraException (damaged) if the vocabulary has no whole words
   */
  public static List<ConceptPrompt> choose(
      ClipTokenizer tokenizer, List<String> templates, int count) {
    List<String> words = Vocabulary.frequent(tokenizer);
    if (words.isEmpty()) {
      throw RealeraException.damaged(
          "the tokenizer's vocabulary has no whole words to make a prior of",
          "Set closed_form.prior_weight to 0.");
    }
    List<ConceptPrompt> prompts = new ArrayList<>();
    int rounds = Math.min(templates.size(), (count + words.size() - 1) / words.size());
    for (int round = 0; round < rounds; round++) {
      int wanted = Math.min(words.size(), count - prompts.size());
      for (int i = 0; i < wanted; i++) {
        String word = words.get((int) ((long) i * words.size() / wanted));
        String template = templates.get((i + round) % templates.size());
        prompts.add(ConceptPrompt.of(template, word, tokenizer));
      }
    }
    return prompts;
  }
}
