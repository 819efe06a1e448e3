package org.realera.report;

import java.util.List;

/**
 * A line of a table.
 *
 * @param style {@value #GROUP} for a heading; else {@code mine}, {@code published} or empty
 * @param name what the line is of
 * @param cells none in a heading
 */
public record Row(String style, String name, List<Cell> cells) {
  private static final String GROUP = "group";

  /** A heading within the table. */
  public static Row group(String title) {
    return new Row(GROUP, title, List.of());
  }

  /** Whether it is a heading. */
  public boolean isGroup() {
    return style.equals(GROUP);
  }
}
