package org.realera.report;

import java.util.Locale;

/**
 * A number in a table.
 *
 * @param text as it is shown
 * @param range its interval, below it; may be empty
 */
public record Cell(String text, String range) {
  /** Where there is no number. */
  public static final Cell NONE = new Cell("–", "");

  /** A number without an interval. */
  public static Cell of(String text) {
    return new Cell(text, "");
  }

  /**
   * A number with its interval.
   *
   * @param decimals of all three
   */
  public static Cell of(double value, double low, double high, int decimals) {
    return new Cell(fixed(value, decimals), fixed(low, decimals) + " – " + fixed(high, decimals));
  }

  /** With so many decimals. */
  public static String fixed(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
