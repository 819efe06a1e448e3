package org.realera.config;

/**
 * Settings of SPM (Lyu et al., CVPR 2024).
 *
 * @param guide c_0, what the concept is moved to and away from itself: the empty prompt, as
 *     published, or the anchor
 * @param rank of each adapter, whose scale is 1 / rank
 * @param steps optimiser steps for each concept, each of one latent
 * @param learningRate of AdamW at its highest
 * @param weightDecay of AdamW
 * @param warmupSteps in which the learning rate rises from 0
 * @param cycles how often the learning rate then falls to 0 along a cosine
 * @param eraseGuidance eta: how far beyond c_0 the concept's prediction is pushed
 * @param startGuidance guidance scale of the walk from noise to z
 * @param samplerSteps sampling steps of a whole walk, of which a drawn number is taken
 * @param anchorStrength lambda, weight of latent anchoring; 0: none
 * @param anchors embeddings that are held in place at each step
 * @param paperSampler true: z ends up to 42 timesteps cleaner than the timestep that the U-Net is
 *     told, as in the authors' script
 * @param interleavedAnchors true: half of the anchors are the empty prompt, as in the authors'
 *     script
 * @param barePrompts true: the concept's words alone are the prompt, as published; false: the
 *     recipe's templates
 * @param checkpointEvery steps between two saved states, from which {@code --resume} goes on
 */
public record SpmSettings(
    Guide guide,
    int rank,
    int steps,
    double learningRate,
    double weightDecay,
    int warmupSteps,
    int cycles,
    double eraseGuidance,
    double startGuidance,
    int samplerSteps,
    double anchorStrength,
    int anchors,
    boolean paperSampler,
    boolean interleavedAnchors,
    boolean barePrompts,
    int checkpointEvery)
    implements MethodSettings, TrainingNumbers {

  public SpmSettings {
    Check.given("guide", guide, "anchor or empty");
    Check.upTo("rank", rank, Limits.RANK);
    Check.training("", steps, learningRate, weightDecay, checkpointEvery);
    Check.between("warmup_steps", warmupSteps, 0, Limits.TRAINING_STEPS);
    Check.upTo("cycles", cycles, Limits.TRAINING_STEPS);
    Check.notNegative("erase_guidance", eraseGuidance);
    Check.walk(startGuidance, samplerSteps);
    Check.notNegative("anchor_strength", anchorStrength);
    Check.upTo("anchors", anchors, Limits.BATCH);
  }

  @Override
  public boolean preserves() {
    return false;
  }

  @Override
  public boolean readsAnchors() {
    return guide == Guide.ANCHOR;
  }
}
