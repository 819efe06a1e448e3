package org.realera.report;

import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * How two settings act together, for every pair of values.
 *
 * @param title what is varied
 * @param corner the names of both settings
 * @param columns the values of the setting that varies from column to column
 * @param lines one for each value of the other setting
 */
public record HeatTable(String title, String corner, List<String> columns, List<Line> lines) {
  private static final double FAINTEST = 0.08;
  private static final double STRONGEST = 0.62;

  /**
   * A line.
   *
   * @param cells by column; null where the settings can't be met
   */
  public record Line(String value, List<@Nullable Pair> cells) {}

  /**
   * What came of two settings, in percent.
   *
   * @param difference Acc_s - Acc_e
   * @param accG Acc_g
   */
  public record Pair(double difference, double accG) {
    /** Acc_s - Acc_e as the page shows it. */
    public String main() {
      return Cell.fixed(difference, 1);
    }

    /** Acc_g as the page shows it. */
    public String below() {
      return Cell.fixed(accG, 1);
    }
  }

  /** How strong a cell's color is; the best cell's is the strongest. */
  public String strength(Pair cell) {
    double low = differences().min().orElse(0);
    double high = differences().max().orElse(0);
    double share = high > low ? (cell.difference - low) / (high - low) : 0;
    return Cell.fixed(FAINTEST + share * (STRONGEST - FAINTEST), 2);
  }

  private DoubleStream differences() {
    ToDoubleFunction<Pair> difference = Pair::difference;
    return lines.stream()
        .flatMap(line -> line.cells.stream())
        .filter(Objects::nonNull)
        .mapToDouble(difference);
  }
}
