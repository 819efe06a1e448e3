package org.realera.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rows of a page's tables as a reader sees them: cells with a bar between. */
public final class PageRows {
  private static final Pattern ROW =
      Pattern.compile("<tr(?: class=\"([^\"]*)\")?>(.*?)</tr>", Pattern.DOTALL);

  private PageRows() {}

  /** Every row; before it, with a colon, how it stands out. */
  public static List<String> of(String html) {
    List<String> rows = new ArrayList<>();
    for (MatchResult row : ROW.matcher(html).results().toList()) {
      String style = row.group(1) == null || row.group(1).isEmpty() ? "" : row.group(1) + ": ";
      List<String> cells =
          Stream.of(row.group(2).strip().split("</t[dh]>")).map(PageRows::text).toList();
      rows.add(style + String.join(" | ", cells).strip());
    }
    return rows;
  }

  /** The same without what stands small below a number: its interval. */
  public static List<String> withoutIntervals(String html) {
    return of(html.replaceAll("<small>[^<]*</small>", ""));
  }

  private static String text(String cell) {
    return cell.replace("<small>", " (").replace("</small>", ")").replaceAll("<[^>]*>", "").strip();
  }
}
