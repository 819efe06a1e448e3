package org.realera.config;

import org.jspecify.annotations.Nullable;

/**
 * Settings of selective amnesia (Heng and Soh, NeurIPS 2023).
 *
 * @param trainMethod which weights are trained
 * @param steps optimiser steps
 * @param batch noised latents per step, of the surrogate's images and as many of those replayed
 * @param learningRate of AdamW
 * @param weightDecay of AdamW
 * @param gamma weight of the replay term
 * @param lambda weight of the penalty on movement, which the Fisher information scales; 0: that is
 *     not measured
 * @param images images of each different anchor, the surrogate, that the original model draws
 * @param replayImages images of other words that the original model draws, to be remembered
 * @param imageSteps sampling steps for all these images
 * @param imageGuidance guidance scale for all these images
 * @param fisherTimesteps noise levels at which each replayed image is seen for the Fisher
 *     information; the published sum is over all 1000, of fewer it is an estimate of that sum
 * @param barePrompts true: the concept's words alone are the prompt, as published; false: the
 *     recipe's templates
 * @param checkpointEvery steps between two saved states, from which {@code --resume} goes on
 */
public record SaSettings(
    TrainMethod trainMethod,
    int steps,
    int batch,
    double learningRate,
    double weightDecay,
    double gamma,
    double lambda,
    int images,
    int replayImages,
    int imageSteps,
    double imageGuidance,
    int fisherTimesteps,
    boolean barePrompts,
    int checkpointEvery)
    implements MethodSettings, TrainingNumbers, ImageNumbers {

  /** Which of the U-Net's weights are trained, under the names that ESD gave them. */
  public enum TrainMethod {
    /** All. */
    FULL,
    /** Those of the cross-attention. */
    XATTN,
    /** All but the cross-attention, the output layers and the time embedding. */
    NOXATTN
  }

  public SaSettings {
    Check.given("train_method", trainMethod, "full, xattn or noxattn");
    Check.training("", steps, learningRate, weightDecay, checkpointEvery);
    Check.upTo("batch", batch, Limits.BATCH);
    Check.notNegative("gamma", gamma);
    Check.notNegative("lambda", lambda);
    Check.pictures("", images, imageSteps, imageGuidance);
    Check.upTo("replay_images", replayImages, Limits.SAMPLES);
    Check.upTo("fisher_timesteps", fisherTimesteps, Limits.STEPS);
  }

  /** Whether images of other words have a part: in the replay, or in the Fisher information. */
  public boolean replays() {
    return gamma > 0 || lambda > 0;
  }

  @Override
  public @Nullable String preserveOff() {
    return replays() ? null : "gamma plus lambda is 0";
  }
}
