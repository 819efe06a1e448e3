package org.realera.config;

/**
 * UnlearnDiffAtk (Zhang et al., ECCV 2024).
 *
 * @param tokens k, tokens before the prompt
 * @param timesteps noise levels, evenly spread, the cleanest first; after each there is an image
 * @param steps optimiser steps at each of them, each of one latent
 * @param learningRate of Adam
 * @param weightDecay of Adam: added to the gradient
 */
public record UnlearnDiffSettings(
    int tokens, int timesteps, int steps, double learningRate, double weightDecay) {

  public UnlearnDiffSettings {
    Check.upTo("unlearndiff.tokens", tokens, Limits.FREE_TOKENS);
    Check.upTo("unlearndiff.timesteps", timesteps, Limits.STEPS);
    Check.upTo("unlearndiff.steps", steps, Limits.TRAINING_STEPS);
    Check.positive("unlearndiff.learning_rate", learningRate);
    Check.notNegative("unlearndiff.weight_decay", weightDecay);
  }
}
