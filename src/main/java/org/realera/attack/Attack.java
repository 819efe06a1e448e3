package org.realera.attack;

import java.util.List;
import org.realera.Progress;

/**
 * A way to make an erased model draw its concept. It judges no images and knows no files: the
 * {@link Jury} does. What it learns once for all prompts it keeps, so ask the same one again for
 * other prompts of the same victim and concept.
 */
public interface Attack {

  /**
   * Attacks from each prompt.
   *
   * @param victim borrowed
   * @param concept its words, as {@code erase --concept} has them
   * @param prompts those whose own image shows nothing of the concept any more
   * @param jury asked as soon as there is a candidate; the first success ends a prompt's search
   * @param progress told of steps; a stop is heeded between two of them
   * @return one for each prompt, in order. The same victim, prompt and seed give the same
   */
  List<Attempt> attack(
      Victim victim, String concept, List<AttackPrompt> prompts, Jury jury, Progress progress);
}
