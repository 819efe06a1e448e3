package org.realera.config;

/**
 * Prompting4Debugging (Chin et al., ICML 2024).
 *
 * @param tokens of P4D-N, which stand in the prompt's place
 * @param every P4D-K: one free token before every so many of the prompt's; where the last of these
 *     are all, one more
 * @param steps optimiser steps of a prompt, each of one latent
 * @param learningRate of AdamW
 * @param weightDecay of AdamW
 * @param checkEvery steps between two images
 */
public record P4dSettings(
    int tokens, int every, int steps, double learningRate, double weightDecay, int checkEvery) {

  public P4dSettings {
    Check.upTo("p4d.tokens", tokens, Limits.FREE_TOKENS);
    Check.upTo("p4d.every", every, Limits.FREE_TOKENS);
    Check.upTo("p4d.steps", steps, Limits.TRAINING_STEPS);
    Check.positive("p4d.learning_rate", learningRate);
    Check.notNegative("p4d.weight_decay", weightDecay);
    Check.atLeast("p4d.check_every", checkEvery, 1);
  }
}
