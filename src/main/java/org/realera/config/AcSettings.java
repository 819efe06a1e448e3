package org.realera.config;

/**
 * Settings of concept ablation (Kumari et al., ICCV 2023).
 *
 * @param loss what the concept's prediction is drawn to
 * @param parameterGroup which weights are trained
 * @param steps optimiser steps
 * @param batch noised latents per step, of the loss and as many of the prior term
 * @param learningRate of AdamW
 * @param weightDecay of AdamW
 * @param maxGradNorm joint norm to which a step's gradients are scaled down; 0: as they are
 * @param priorWeight weight of the usual denoising loss on the anchor's images; 0: none
 * @param images images of each different anchor that the original model draws
 * @param imageSteps sampling steps for these images
 * @param imageGuidance guidance scale for these images
 * @param checkpointEvery steps between two saved states, from which {@code --resume} goes on
 */
public record AcSettings(
    Loss loss,
    ParameterGroup parameterGroup,
    int steps,
    int batch,
    double learningRate,
    double weightDecay,
    double maxGradNorm,
    double priorWeight,
    int images,
    int imageSteps,
    double imageGuidance,
    int checkpointEvery)
    implements MethodSettings, TrainingNumbers, ImageNumbers {

  /** What the prediction for the concept is drawn to. */
  public enum Loss {
    /** What the network itself predicts for the anchor, taken as a constant. */
    MODEL_BASED,
    /** The noise that was added to an image of the anchor. */
    NOISE_BASED
  }

  /** Which of the U-Net's weights are trained, under the names of the authors' script. */
  public enum ParameterGroup {
    /** Keys and values of the cross-attention. */
    CROSS_ATTN,
    /** Query, key, value and output of every attention. */
    ATTN,
    /** All. */
    FULL_WEIGHT
  }

  public AcSettings {
    Check.given("loss", loss, "model-based or noise-based");
    Check.given("parameter_group", parameterGroup, "cross-attn, attn or full-weight");
    Check.training("", steps, learningRate, weightDecay, checkpointEvery);
    Check.upTo("batch", batch, Limits.BATCH);
    Check.notNegative("max_grad_norm", maxGradNorm);
    Check.notNegative("prior_weight", priorWeight);
    Check.pictures("", images, imageSteps, imageGuidance);
  }

  @Override
  public boolean preserves() {
    return false;
  }
}
