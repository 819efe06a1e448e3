package org.realera.config;

/** Quotes round a whole text, as a list of a program has them. */
public final class Quotes {
  private static final String MARKS = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb";

  private Quotes() {}

  /** Whether a text begins and ends with quotes of any kind. */
  public static boolean enclose(String text) {
    int last = text.length() - 1;
    return last > 0 && MARKS.indexOf(text.charAt(0)) >= 0 && MARKS.indexOf(text.charAt(last)) >= 0;
  }
}
