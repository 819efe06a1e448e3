package org.realera.eval.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Figures;

/**
 * How two settings act together: Acc_s - Acc_e by the published protocol, as the paper's Figure 5
 * shows it, for every pair of values.
 *
 * @param title what is varied
 * @param rowName the setting that varies from row to row
 * @param rows its values
 * @param columnName the setting that varies from column to column
 * @param columns its values
 * @param cells figures by row and column; null where the settings can't be met
 */
public record HeatMap(
    String title,
    String rowName,
    List<String> rows,
    String columnName,
    List<String> columns,
    List<List<@Nullable Figures>> cells) {

  private static final double FAINTEST = 0.08;
  private static final double STRONGEST = 0.62;

  String html() {
    StringBuilder out = new StringBuilder();
    out.append("<h3>").append(Html.escape(title)).append("</h3>\n");
    out.append("<div class=\"scroll\"><table class=\"heat\"><thead><tr><th>");
    out.append(Html.escape(rowName + " ↓, " + columnName + " →")).append("</th>");
    columns.forEach(c -> out.append("<th>").append(Html.escape(c)).append("</th>"));
    out.append("</tr></thead><tbody>\n");
    double low = cells.stream().flatMap(List::stream).mapToDouble(this::lowest).min().orElse(0);
    double high = cells.stream().flatMap(List::stream).mapToDouble(this::highest).max().orElse(0);
    for (int r = 0; r < rows.size(); r++) {
      out.append("<tr><th>").append(Html.escape(rows.get(r))).append("</th>");
      for (Figures figures : cells.get(r)) {
        out.append(cell(figures, low, high));
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div>\n").toString();
  }

  private static String cell(@Nullable Figures figures, double low, double high) {
    Double value = difference(figures);
    if (figures == null || value == null || figures.accG() == null) {
      return "<td>–<small>can't be met</small></td>";
    }
    double share = high > low ? (value - low) / (high - low) : 0;
    return String.format(
        Locale.ROOT,
        "<td style=\"--h: %.2f\">%.1f<small>Acc<sub>g</sub> %.1f</small></td>",
        FAINTEST + share * (STRONGEST - FAINTEST),
        value,
        figures.accG().value());
  }

  /** Acc_s - Acc_e, in percent; null without a figure. */
  static @Nullable Double difference(@Nullable Figures figures) {
    return figures == null || figures.accS() == null || figures.accE() == null
        ? null
        : Double.valueOf(figures.accS().value() - figures.accE().value());
  }

  private double lowest(@Nullable Figures figures) {
    Double value = difference(figures);
    return value == null ? Double.POSITIVE_INFINITY : value;
  }

  private double highest(@Nullable Figures figures) {
    Double value = difference(figures);
    return value == null ? Double.NEGATIVE_INFINITY : value;
  }
}
