package org.realera.attack;

/**
 * Rows that are probabilities over a vocabulary: the discrete tokens of UnlearnDiffAtk, relaxed.
 */
final class Simplex {
  /** Halvings of an interval of a width of a few units: beyond float's precision. */
  private static final int HALVINGS = 60;

  private Simplex() {}

  /**
   * The nearest point of {u : 0 <= u_i <= 1, sum u_i = 1}: clip(u - mu, 0, 1), mu by bisection. The
   * authors stop at 1e-5 of mu, which leaves the sum of a large vocabulary up to a half wrong; here
   * it is as exact as floats are.
   *
   * @param u in place
   * @param from where the row begins
   * @param size V
   */
  static void project(float[] u, int from, int size) {
    double low = Double.MAX_VALUE;
    double high = -Double.MAX_VALUE;
    for (int i = from; i < from + size; i++) {
      low = Math.min(low, u[i] - 1);
      high = Math.max(high, u[i]);
    }
    for (int n = 0; n < HALVINGS; n++) {
      double mu = (low + high) / 2;
      if (sum(u, from, size, mu) > 1) {
        low = mu;
      } else {
        high = mu;
      }
    }
    double mu = (low + high) / 2;
    for (int i = from; i < from + size; i++) {
      u[i] = (float) Math.min(1, Math.max(0, u[i] - mu));
    }
  }

  private static double sum(float[] u, int from, int size, double mu) {
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      sum += Math.min(1, Math.max(0, u[i] - mu));
    }
    return sum;
  }

  /**
   * One draw from the row's probabilities.
   *
   * @param chance in [0, 1)
   * @return the first index whose probabilities up to it sum to more than that share of all
   */
  static int draw(float[] u, int from, int size, double chance) {
    double all = 0;
    for (int i = from; i < from + size; i++) {
      all += u[i];
    }
    double sum = 0;
    int last = 0;
    for (int i = 0; i < size; i++) {
      if (u[from + i] > 0) {
        sum += u[from + i];
        last = i;
        if (sum > chance * all) {
          return i;
        }
      }
    }
    return last; // rounding has kept the sum below
  }

  /** The index of a row's largest number; of equal ones the first. */
  static int largest(float[] u, int from, int size) {
    int largest = 0;
    for (int i = 1; i < size; i++) {
      if (u[from + i] > u[from + largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
