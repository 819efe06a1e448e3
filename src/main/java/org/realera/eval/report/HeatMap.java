package org.realera.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Figures;
import org.realera.report.HeatTable;

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

  /** The map as the page shows it. */
  HeatTable table() {
    List<HeatTable.Line> lines = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      List<HeatTable.@Nullable Pair> pairs = new ArrayList<>();
      cells.get(r).forEach(figures -> pairs.add(pair(figures)));
      lines.add(new HeatTable.Line(rows.get(r), pairs));
    }
    return new HeatTable(title, rowName + " ↓, " + columnName + " →", columns, lines);
  }

  private static HeatTable.@Nullable Pair pair(@Nullable Figures figures) {
    return figures == null
            || figures.accS() == null
            || figures.accE() == null
            || figures.accG() == null
        ? null
        : new HeatTable.Pair(
            figures.accS().value() - figures.accE().value(), figures.accG().value());
  }
}
