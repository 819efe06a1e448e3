package org.realera.eval.metrics;

/**
 * How many of some trials succeeded.
 *
 * @param successes 0 to {@code total}
 * @param total how many there were, at least 0
 */
public record Proportion(int successes, int total) {
  /** The 97.5th percentile of the standard normal distribution. */
  private static final double Z = 1.959963984540054;

  public Proportion {
    if (successes < 0 || total < successes) {
      throw new IllegalArgumentException(successes + " of " + total);
    }
  }

  /**
   * The share with its 95 % interval after Wilson (1927), in percent. It says how far the share of
   * other prompts and seeds of the same kind may lie from this one; without any trial, anywhere.
   */
  public Interval interval() {
    return total == 0 ? new Interval(0, 0, 100) : wilson((double) successes / total, total);
  }

  /**
   * The same of a share that is a mean of shares over the same trials: an interval that is rather
   * too wide, for a mean varies less than its parts.
   *
   * @param share 0 to 1
   * @param total trials, at least 1
   */
  public static Interval wilson(double share, int total) {
    double z2 = Z * Z / total;
    double center = (share + z2 / 2) / (1 + z2);
    double half = Z / (1 + z2) * Math.sqrt((share * (1 - share) + z2 / 4) / total);
    double low = share == 0 ? 0 : Math.max(0, center - half);
    double high = share == 1 ? 1 : Math.min(1, center + half);
    return new Interval(100 * share, 100 * low, 100 * high);
  }
}
