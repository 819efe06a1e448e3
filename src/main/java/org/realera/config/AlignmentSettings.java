package org.realera.config;

import java.util.List;

/**
 * Prediction noise alignment (eqs. 8-9, Algorithm 1 lines 25-31): LoRA adapters trained with AdamW.
 *
 * @param enabled false: the closed form alone (variant 1)
 * @param steps optimiser steps (the paper's 200 "epochs") of all concepts together
 * @param batch noised latents per step
 * @param learningRate of AdamW
 * @param weightDecay of AdamW
 * @param rank r of the adapters
 * @param alpha scale of the adapters: W' = W + (alpha / r) B A
 * @param targets name endings of the modules that get an adapter, e.g. {@code attn2.to_k}
 * @param gamma1 weight of the even steps' term that maps neighbors to the anchor
 * @param gamma2 weight of the even steps' term that keeps beyond-concept points
 * @param images images of each different anchor, drawn once by the original model, that are noised
 * @param imageSteps sampling steps for these images
 * @param imageGuidance guidance scale for these images
 * @param maxGradNorm joint norm to which the gradients of a step are scaled down; 0: as they are
 * @param checkpointEvery steps between two saved states, from which {@code --resume} goes on
 */
public record AlignmentSettings(
    boolean enabled,
    int steps,
    int batch,
    double learningRate,
    double weightDecay,
    int rank,
    double alpha,
    List<String> targets,
    double gamma1,
    double gamma2,
    int images,
    int imageSteps,
    double imageGuidance,
    double maxGradNorm,
    int checkpointEvery)
    implements TrainingNumbers, ImageNumbers {

  public AlignmentSettings {
    Check.training("alignment.", steps, learningRate, weightDecay, checkpointEvery);
    Check.upTo("alignment.batch", batch, Limits.BATCH);
    Check.upTo("alignment.rank", rank, Limits.RANK);
    Check.positive("alignment.alpha", alpha);
    targets = Check.texts("alignment.targets", targets);
    if (targets.isEmpty()) {
      throw Check.bad("alignment.targets", "empty", "names at least one module");
    }
    Check.notNegative("alignment.gamma1", gamma1);
    Check.notNegative("alignment.gamma2", gamma2);
    Check.pictures("alignment.", images, imageSteps, imageGuidance);
    Check.notNegative("alignment.max_grad_norm", maxGradNorm);
  }
}
