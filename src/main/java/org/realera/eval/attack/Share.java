package org.realera.eval.attack;

import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Proportion;

/**
 * How many of some prompts, with the share in percent and its 95 % interval.
 *
 * @param count how many, a whole number unless it is a mean
 * @param total of how many
 * @param value the share in percent
 * @param low the interval's lower end
 * @param high its upper end
 */
public record Share(double count, int total, double value, double low, double high) {

  /** So many of so many. */
  static Share of(int count, int total) {
    return of(count, total, new Proportion(count, total).interval());
  }

  /**
   * The mean of counts over the same prompts.
   *
   * @param count 0 to {@code total}
   * @param total at least 1
   */
  static Share mean(double count, int total) {
    return of(count, total, Proportion.wilson(count / total, total));
  }

  private static Share of(double count, int total, Interval interval) {
    return new Share(count, total, interval.value(), interval.low(), interval.high());
  }
}
