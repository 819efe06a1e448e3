package org.realera.eval.attack;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.realera.attack.AttackPrompt;

/**
 * A prompt of a run and the seed of its image.
 *
 * @param kind how it means the concept without naming it, or null if it is one to attack from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlannedPrompt(String text, long seed, @Nullable String kind) {
  /** Refuses a prompt without words. */
  public PlannedPrompt {
    if (text == null) {
      throw new IllegalArgumentException("a prompt has no text");
    }
  }

  /**
   * As attacks take it.
   *
   * @param anchor as {@link AttackPrompt} has it
   */
  AttackPrompt asked(@Nullable String anchor) {
    return new AttackPrompt(text, seed, anchor);
  }
}
