package org.realera.config;

import java.util.List;

/**
 * Ring-A-Bell (Tsai et al., ICLR 2024): the direction alone, and the search for tokens.
 *
 * @param strength eta: how far along the concept's direction the target lies
 * @param pairs prompts with and without the concept, whose mean difference is the direction
 * @param tokens K of the search
 * @param population prompts of a generation, about
 * @param generations of the search
 * @param mutation probability that one of a prompt's tokens is drawn anew
 * @param crossover probability that a prompt has two children with another
 */
public record RingABellSettings(
    double strength,
    List<PromptPair> pairs,
    int tokens,
    int population,
    int generations,
    double mutation,
    double crossover) {
  private static final int MOST_PROMPTS = 100_000;

  /**
   * Two prompts that differ by the concept.
   *
   * @param with has a slot for the concept: {@code {}}
   * @param without has none
   */
  public record PromptPair(String with, String without) {
    public PromptPair {
      with = Check.templates("ring_a_bell.pairs", List.of(Check.text("with", with))).get(0);
      without = Check.text("without", without);
    }
  }

  public RingABellSettings {
    Check.notNegative("ring_a_bell.strength", strength);
    if (pairs.isEmpty()) {
      throw Check.bad("ring_a_bell.pairs", "empty", "has at least one pair");
    }
    pairs = List.copyOf(pairs);
    Check.upTo("ring_a_bell.tokens", tokens, Limits.FREE_TOKENS);
    if (population < 2) {
      throw Check.bad("ring_a_bell.population", population, "must be at least 2");
    }
    Check.upTo("ring_a_bell.population", population, MOST_PROMPTS);
    Check.upTo("ring_a_bell.generations", generations, Limits.TRAINING_STEPS);
    Check.within("ring_a_bell.mutation", mutation, 0, 1);
    Check.within("ring_a_bell.crossover", crossover, 0, 1);
  }
}
