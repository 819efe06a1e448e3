package org.realera.training;

/** The learning rate of a step as a part of the rate that was set. */
@FunctionalInterface
public interface Schedule {
  /** The same rate throughout. */
  Schedule CONSTANT = step -> 1;

  /**
   * A part of the learning rate, 0 to 1.
   *
   * @param step from 1
   */
  double factor(int step);

  /**
   * Up from 0 in a line, then down along a cosine, and again from the top so many times: diffusers'
   * {@code get_cosine_with_hard_restarts_schedule_with_warmup}, whose first step has factor 0.
   *
   * @param warmup steps of the line
   * @param steps all steps
   * @param cycles how often the cosine goes down
   */
  static Schedule cosineWithRestarts(int warmup, int steps, int cycles) {
    return step -> {
      int done = step - 1;
      if (done < warmup) {
        return (double) done / Math.max(1, warmup);
      }
      double progress = (double) (done - warmup) / Math.max(1, steps - warmup);
      return progress >= 1
          ? 0
          : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (cycles * progress % 1))));
    };
  }
}
