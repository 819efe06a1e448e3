package org.realera.training;

import org.realera.config.TrainingNumbers;

/**
 * How a training goes.
 *
 * @param title what messages call it: {@code the alignment}
 * @param remedy what to do if it diverges, sentences
 * @param optimizer AdamW's settings; without weight decay it is Adam
 * @param schedule of the learning rate
 * @param maxGradNorm gradients are clipped together to this norm; 0: they are not
 * @param steps how many there will be
 * @param saveEvery after how many steps the state is saved; it is saved after the last, too
 */
public record TrainingSettings(
    String title,
    String remedy,
    AdamW.Settings optimizer,
    Schedule schedule,
    double maxGradNorm,
    int steps,
    int saveEvery) {

  /**
   * A training at one learning rate, as most methods have it.
   *
   * @param k the recipe's numbers
   * @param steps how many there will be, which may be those of several concepts
   * @param remedy what to do if it diverges, sentences
   */
  public static TrainingSettings of(TrainingNumbers k, int steps, String remedy) {
    return new TrainingSettings(
        "the training",
        remedy,
        AdamW.Settings.of(k.learningRate(), k.weightDecay()),
        Schedule.CONSTANT,
        k.maxGradNorm(),
        steps,
        k.checkpointEvery());
  }
}
