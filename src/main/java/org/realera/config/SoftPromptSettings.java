package org.realera.config;

/**
 * The inner attack of AdvUnlearn (Zhang et al., NeurIPS 2024).
 *
 * @param tokens free rows before the prompt
 * @param steps optimiser steps of a prompt, each of one latent
 * @param learningRate of Adam
 * @param samplerSteps sampling steps of the erased model's walk, on which the latents lie
 * @param startGuidance guidance scale of this walk
 */
public record SoftPromptSettings(
    int tokens, int steps, double learningRate, int samplerSteps, double startGuidance) {

  public SoftPromptSettings {
    Check.upTo("soft_prompt.tokens", tokens, Limits.FREE_TOKENS);
    Check.upTo("soft_prompt.steps", steps, Limits.TRAINING_STEPS);
    Check.positive("soft_prompt.learning_rate", learningRate);
    Check.upTo("soft_prompt.sampler_steps", samplerSteps, Limits.STEPS);
    Check.notNegative("soft_prompt.start_guidance", startGuidance);
  }
}
