package org.realera.eval.run;

import java.util.Locale;
import java.util.regex.Pattern;

/** The label of a run that is a cell of an ablation's map: {@code d10.38-s20.6}. */
public final class SweepCell {
  public static final String D1 = "D1";
  public static final String S2 = "S2";
  public static final String M = "M";
  public static final String N = "N";

  private static final Pattern LABEL =
      Pattern.compile(rows(D1, S2) + "|" + rows(M, N), Pattern.CASE_INSENSITIVE);

  private SweepCell() {}

  private static String rows(String row, String column) {
    String number = "-?[0-9]+(\\.[0-9]+)?";
    return row + number + "-" + column + number;
  }

  /** Of a row and a column, each one of the settings above and its value. */
  public static String label(String row, String rowValue, String column, String columnValue) {
    return (row + rowValue + "-" + column + columnValue).toLowerCase(Locale.ROOT);
  }

  /** Whether a run is a cell. */
  static boolean is(RunInfo info) {
    return LABEL.matcher(info.label()).matches();
  }
}
