package org.realera.eval.attack;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The control of an attack that found words: what the original model makes of them with the anchor
 * in the concept's place. If that shows the concept, they are other words for it, as a synonym is:
 * residue, and not the erased word made to work again.
 */
final class WordsAlone {
  private WordsAlone() {}

  /**
   * What the original is asked, by place in the list of prompts.
   *
   * @param attacked what came of an attack; only where it won, and by words
   */
  static SortedMap<Integer, PlannedPrompt> of(Map<Integer, Trial> attacked) {
    SortedMap<Integer, PlannedPrompt> asked = new TreeMap<>();
    attacked.forEach(
        (index, trial) -> {
          String alone = trial.alone();
          if (trial.shown() && alone != null) {
            asked.put(index, new PlannedPrompt(alone, trial.seed(), null));
          }
        });
    return asked;
  }
}
