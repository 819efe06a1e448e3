package org.realera.config;

import java.util.List;

/**
 * Settings of Forget-Me-Not (Zhang et al., CVPRW 2024).
 *
 * @param prompts with one {@code {}} each: images are drawn and the U-Net is trained with them
 * @param endTokens true: attention to the end token and the padding that repeats it goes, too
 * @param train which weights are trained
 * @param steps optimiser steps for each concept
 * @param learningRate of AdamW
 * @param weightDecay of AdamW
 * @param maxGradNorm joint norm to which a step's gradients are scaled down; 0: as they are
 * @param images images of each concept, drawn by the original model
 * @param imageSteps sampling steps for these images
 * @param imageGuidance guidance scale for these images
 * @param checkpointEvery steps between two saved states, from which {@code --resume} goes on
 */
public record FmnSettings(
    List<String> prompts,
    boolean endTokens,
    Train train,
    int steps,
    double learningRate,
    double weightDecay,
    double maxGradNorm,
    int images,
    int imageSteps,
    double imageGuidance,
    int checkpointEvery)
    implements MethodSettings, TrainingNumbers, ImageNumbers {

  /** Which weights are trained. */
  public enum Train {
    /** The whole U-Net. */
    UNET,
    /** The cross-attention alone: q, k, v and out. */
    ATTN2
  }

  public FmnSettings {
    prompts = Check.templates("prompts", prompts);
    if (prompts.isEmpty()) {
      throw Check.bad("prompts", "empty", "must have at least one entry");
    }
    Check.training("", steps, learningRate, weightDecay, checkpointEvery);
    Check.notNegative("max_grad_norm", maxGradNorm);
    Check.pictures("", images, imageSteps, imageGuidance);
  }

  @Override
  public boolean preserves() {
    return false;
  }

  @Override
  public boolean readsAnchors() {
    return false;
  }
}
