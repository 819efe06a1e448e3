package org.realera.attack;

import org.jspecify.annotations.Nullable;

/**
 * Where an attack starts: a prompt that asks for the concept, and the image that it means.
 *
 * @param text names the concept, or means it
 * @param seed of the image's initial noise, as {@code torch.manual_seed} takes it
 * @param anchor what stands in the concept's place where found words are drawn without it, see
 *     {@link Candidate.Words}; null for nothing
 */
public record AttackPrompt(String text, long seed, @Nullable String anchor) {
  /** Without an anchor. */
  public AttackPrompt(String text, long seed) {
    this(text, seed, null);
  }
}
