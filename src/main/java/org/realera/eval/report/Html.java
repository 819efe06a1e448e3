package org.realera.eval.report;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.page.Page;

/** Pieces of a report page. */
final class Html {
  private Html() {}

  /** A whole page: the template with its title and body. */
  static String page(String title, String body) {
    return Page.of("eval.html", Map.of("title", escape(title), "body", body));
  }

  static String escape(String text) {
    return Page.escape(text);
  }

  /** One decimal. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** A count as such, any other number with one decimal. */
  static String plain(double value) {
    return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : number(value);
  }

  /** A table cell with a figure and its interval below. */
  static String cell(@Nullable Interval interval) {
    if (interval == null) {
      return "<td class=\"n\">–</td>";
    }
    String range =
        interval.isPoint()
            ? ""
            : "<small>" + number(interval.low()) + " – " + number(interval.high()) + "</small>";
    return "<td class=\"n\">" + number(interval.value()) + range + "</td>";
  }

  static String cell(@Nullable Double value) {
    return "<td class=\"n\">"
        + (value == null ? "–" : String.format(Locale.ROOT, "%.2f", value))
        + "</td>";
  }

  static String row(String kind, String name, Figures figures) {
    return "<tr class=\"%s\"><td>%s</td>%s%s%s%s</tr>\n"
        .formatted(
            kind,
            escape(name),
            cell(figures.accE()),
            cell(figures.accS()),
            cell(figures.accG()),
            cell(figures.hO()));
  }

  static String group(String title) {
    return "<tr class=\"group\"><th colspan=\"5\">" + escape(title) + "</th></tr>\n";
  }

  static final String COLUMNS =
      "<thead><tr><th></th><th>Acc<sub>e</sub> ↓</th><th>Acc<sub>s</sub> ↑</th>"
          + "<th>Acc<sub>g</sub> ↓</th><th>H<sub>o</sub> ↑</th></tr></thead>\n";

  static String table(String head, String rows) {
    return "<div class=\"scroll\"><table>" + head + "<tbody>\n" + rows + "</tbody></table></div>\n";
  }
}
