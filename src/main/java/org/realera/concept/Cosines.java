package org.realera.concept;

import java.util.Locale;

/**
 * Which cosines to e points may have.
 *
 * @param lowest bound of the interval; -1 for none
 * @param highest likewise
 * @param open whether the highest bound itself is left out
 */
record Cosines(double lowest, double highest, boolean open) {

  /** {@code S2 <= cos <= S1}, neighbors' (eqs. 4, 6). */
  static Cosines within(double s2, double s1) {
    return new Cosines(s2, s1, false);
  }

  /** {@code cos < S2}, that of points beyond. */
  static Cosines below(double s2) {
    return new Cosines(-1, s2, true);
  }

  boolean accept(double cosine) {
    return open ? cosine < highest : lowest <= cosine && cosine <= highest;
  }

  /** In words, for errors. */
  @Override
  public String toString() {
    return open
        ? String.format(Locale.ROOT, "below %s", highest)
        : String.format(Locale.ROOT, "within [%s, %s]", lowest, highest);
  }
}
