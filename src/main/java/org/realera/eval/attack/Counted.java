package org.realera.eval.attack;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The prompts that count. UnlearnDiffAtk's lists hold only prompts of which the original model
 * shows the concept ({@code generate_object_dataset.py}): any other says nothing of an erasure, and
 * its image by the original is no target to aim at.
 */
final class Counted {
  private Counted() {}

  /** All prompts of a list by their places. */
  static SortedMap<Integer, PlannedPrompt> all(List<PlannedPrompt> prompts) {
    SortedMap<Integer, PlannedPrompt> all = new TreeMap<>();
    for (int i = 0; i < prompts.size(); i++) {
      all.put(i, prompts.get(i));
    }
    return all;
  }

  /**
   * Those that the original shows.
   *
   * @param prompts by their places in the list
   * @param original what the original makes of each of them; null if there is no original, so that
   *     all count
   */
  static SortedMap<Integer, PlannedPrompt> of(
      SortedMap<Integer, PlannedPrompt> prompts, @Nullable Map<Integer, Trial> original) {
    SortedMap<Integer, PlannedPrompt> counted = new TreeMap<>(prompts);
    if (original != null) {
      original.forEach(
          (index, trial) -> {
            if (!trial.shown()) {
              counted.remove(index);
            }
          });
    }
    return counted;
  }
}
