package org.realera.config;

/**
 * Words drawn by lot: what a search has to beat.
 *
 * @param tokens before the prompt
 * @param tries images of a prompt, each with other words
 */
public record RandomWordsSettings(int tokens, int tries) {

  public RandomWordsSettings {
    Check.upTo("random_words.tokens", tokens, Limits.FREE_TOKENS);
    Check.upTo("random_words.tries", tries, Limits.TRAINING_STEPS);
  }
}
