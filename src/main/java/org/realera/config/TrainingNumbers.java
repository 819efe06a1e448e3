package org.realera.config;

/** The numbers of a training, which many methods have. */
public interface TrainingNumbers {
  /** Optimiser steps. */
  int steps();

  /** Of AdamW, at its highest. */
  double learningRate();

  /** Of AdamW; without it, it is Adam. */
  default double weightDecay() {
    return 0;
  }

  /** Joint norm to which a step's gradients are scaled down; 0: as they are. */
  default double maxGradNorm() {
    return 0;
  }

  /** Steps between two saved states. */
  int checkpointEvery();
}
