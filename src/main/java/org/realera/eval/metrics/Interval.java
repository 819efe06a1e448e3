package org.realera.eval.metrics;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * A figure with its 95 % interval: of bootstrap samples, or of a {@link Proportion}.
 *
 * @param value the figure over all images, in percent
 * @param low its lower end, the 2.5th percentile of the resampled figures
 * @param high its upper end, the 97.5th percentile
 */
public record Interval(double value, double low, double high) {

  /** Whether its ends meet: images that do not differ, or a single one, tell nothing of others. */
  @JsonIgnore
  public boolean isPoint() {
    return low == high;
  }
}
