package org.realera.eval.attack;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.realera.text.WholeWords;

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
  static SortedMap<Integer, PlannedPrompt> of(
      Map<Integer, Trial> attacked, String concept, @Nullable String anchor) {
    SortedMap<Integer, PlannedPrompt> asked = new TreeMap<>();
    attacked.forEach(
        (index, trial) -> {
          String found = trial.found();
          if (trial.shown() && found != null) {
            String words = of(found, concept, anchor);
            asked.put(index, new PlannedPrompt(words, trial.seed(), null));
          }
        });
    return asked;
  }

  /**
   * Found words that do not name the concept.
   *
   * @param anchor what stands in its place; null for nothing
   */
  static String of(String found, String concept, @Nullable String anchor) {
    return WholeWords.any(List.of(concept))
        .matcher(found)
        .replaceAll(Matcher.quoteReplacement(anchor == null ? "" : anchor))
        .strip();
  }
}
