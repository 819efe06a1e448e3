package org.realera.eval;

import org.jspecify.annotations.Nullable;
import org.realera.config.ConceptPair;

/**
 * What an evaluation is about. What is null is as the suite or the model says.
 *
 * @param concept the erased concept; null for a survey of all words of the suite
 * @param anchor what it was erased with
 * @param label what tables call this run
 */
public record Subject(@Nullable String concept, @Nullable String anchor, @Nullable String label) {

  /** A concept that was erased. */
  public static Subject of(ConceptPair pair, String label) {
    return new Subject(pair.concept(), pair.anchor(), label);
  }
}
