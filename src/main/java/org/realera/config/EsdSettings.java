package org.realera.config;

/**
 * Settings of ESD (Gandikota et al., ICCV 2023), esd-x and esd-u alike.
 *
 * @param steps optimiser steps, each of one latent
 * @param learningRate of Adam
 * @param negativeGuidance eta: how far beyond the empty prompt the concept's prediction is pushed
 * @param startGuidance guidance scale of the walk from noise to z
 * @param samplerSteps sampling steps of a whole walk, of which a drawn number is taken
 * @param paperSampler true: z ends one to two sampling steps cleaner than the timestep that the
 *     U-Net is told, as in the authors' script
 * @param barePrompts true: the concept's words alone are the prompt, as published; false: the
 *     recipe's templates
 * @param checkpointEvery steps between two saved states, from which {@code --resume} goes on
 */
public record EsdSettings(
    int steps,
    double learningRate,
    double negativeGuidance,
    double startGuidance,
    int samplerSteps,
    boolean paperSampler,
    boolean barePrompts,
    int checkpointEvery)
    implements MethodSettings, TrainingNumbers {

  public EsdSettings {
    Check.training("", steps, learningRate, 0, checkpointEvery);
    Check.notNegative("negative_guidance", negativeGuidance);
    Check.walk(startGuidance, samplerSteps);
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
