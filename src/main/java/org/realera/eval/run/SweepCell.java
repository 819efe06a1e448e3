package org.realera.eval.run;

import java.util.Locale;
import java.util.regex.Pattern;

/** The label of a run that is a cell of an ablation's map: {@code d10.38-s20.6}. */
public final class SweepCell {
  private static final Pattern LABEL =
      Pattern.compile("[a-z][a-z0-9]?-?[0-9]+(\\.[0-9]+)?-[a-z][a-z0-9]?-?[0-9]+(\\.[0-9]+)?");

  private SweepCell() {}

  /** Of a row and a column, each a setting and its value. */
  public static String label(String row, String rowValue, String column, String columnValue) {
    return (row + rowValue + "-" + column + columnValue).toLowerCase(Locale.ROOT);
  }

  /** Whether a run is a cell. */
  static boolean is(RunInfo info) {
    return LABEL.matcher(info.label()).matches();
  }
}
