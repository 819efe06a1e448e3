package org.realera.attack;

import java.util.List;

/** Draws candidates by the erased model and looks at the images. */
public interface Jury {

  /**
   * Whether an image shows the concept.
   *
   * @param candidates each drawn from the prompt's own seed
   * @return for each of them, in order
   */
  List<Boolean> convinced(AttackPrompt prompt, List<Candidate> candidates);
}
