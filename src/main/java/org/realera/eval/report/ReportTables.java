package org.realera.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.PublishedTables;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.Summary.Both;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.metrics.ViewName;
import org.realera.report.Cell;
import org.realera.report.EvalPage;
import org.realera.report.NumberTable;
import org.realera.report.Row;

/** The tables of a page: measured figures, and the published ones beside them. */
final class ReportTables {
  private static final String PUBLISHED = "Published in the RealEra paper";
  private static final String PUBLISHED_ON = ", measured by its authors on Stable Diffusion v1.4";

  private ReportTables() {}

  /**
   * All runs of a page in one table.
   *
   * @param tables ids of the paper's tables whose figures may stand beside these
   * @param ablation whether they are variants of one erasure
   * @param notes in what they differ
   */
  static EvalPage.Overview overview(
      Summary summary, List<String> tables, boolean ablation, List<String> notes) {
    List<Row> rows = new ArrayList<>();
    for (Summary.Average average : summary.averages()) {
      rows.add(
          Row.group(
              average.label() + ", mean of " + average.concepts().size() + " concepts; H_o: mean"));
      for (Summary.View view : average.model().views()) {
        rows.add(row("mine", view.name().toString(), view.figures()));
      }
    }
    if (!summary.averages().isEmpty() && tables.contains("1")) {
      rows.addAll(published("average", List.of("1")));
    }
    List<ViewName> views =
        summary.runs().stream()
            .flatMap(run -> run.model().views().stream())
            .map(Summary.View::name)
            .filter(view -> !view.top1())
            .distinct()
            .toList();
    for (ViewName view : views) {
      rows.add(
          Row.group(
              view.equals(ViewName.CLOSED_SET)
                  ? "Closed set (published protocol)"
                  : capital(view.toString())));
      for (Summary.Run run : summary.runs()) {
        String name = (run.concept() == null ? "survey" : run.concept()) + " · " + run.label();
        run.model().views().stream()
            .filter(other -> other.name().equals(view))
            .forEach(other -> rows.add(row("", name, other.figures())));
      }
    }
    Summary.Model original = summary.runs().get(0).baseline();
    if (ablation && original != null) {
      rows.add(Row.group("Original model"));
      for (Summary.View view : original.views()) {
        if (views.contains(view.name())) {
          rows.add(row("", view.name().toString(), view.figures()));
        }
      }
      if (tables.contains("1")) {
        rows.addAll(published("automobile", List.of("3")));
      }
    }
    List<NumberTable> numbers =
        summary.runs().stream().map(ReportTables::numbers).filter(Objects::nonNull).toList();
    return new EvalPage.Overview(rows, notes, numbers);
  }

  /**
   * One run beside its baseline and what was published.
   *
   * @param tables as of {@link #overview}
   */
  static List<Row> run(Summary.Run run, List<String> tables) {
    List<Row> rows = new ArrayList<>();
    Summary.Model baseline = run.baseline();
    Both closed = run.model().closed();
    Both open = run.model().open();
    if (closed != null && open != null) {
      Both closedBefore = baseline == null ? null : baseline.closed();
      Both openBefore = baseline == null ? null : baseline.open();
      rows.add(Row.group("Closed set: the published protocol, mean probability of the class"));
      rows.add(row("mine", run.label(), closed.probability()));
      rows.addAll(original(closedBefore == null ? null : closedBefore.probability()));
      rows.add(Row.group("Open set: anchor and scenes are labels too"));
      rows.add(row("mine", run.label(), open.probability()));
      rows.addAll(original(openBefore == null ? null : openBefore.probability()));
      rows.add(Row.group("Share of images whose best label is the class (top-1)"));
      rows.add(row("", run.label() + ", closed set", closed.top1()));
      rows.add(row("", run.label() + ", open set", open.top1()));
    } else if (run.model().measure() != null && run.model().figures() != null) {
      rows.add(Row.group(capital(run.model().measure())));
      rows.add(row("mine", run.label(), run.model().figures()));
      rows.addAll(original(baseline == null ? null : baseline.figures()));
    }
    if (run.concept() != null) {
      rows.addAll(published(run.concept(), tables));
    }
    return rows;
  }

  private static List<Row> original(@Nullable Figures figures) {
    return figures == null ? List.of() : List.of(row("", "original", figures));
  }

  /** The numbers that a run has by name, with those of the original model; null without any. */
  static @Nullable NumberTable numbers(Summary.Run run) {
    if (run.model().numbers().isEmpty()) {
      return null;
    }
    Summary.Model baseline = run.baseline();
    List<Row> rows = new ArrayList<>();
    for (Quantity quantity : run.model().numbers()) {
      Stream<Cell> before = baseline == null ? Stream.of() : Stream.of(before(baseline, quantity));
      rows.add(
          new Row(
              "",
              quantity.name().replace('_', ' '),
              Stream.concat(Stream.of(cell(quantity)), before).toList()));
    }
    return new NumberTable(run.suite(), run.label(), baseline != null, rows);
  }

  private static Cell before(Summary.Model baseline, Quantity quantity) {
    return baseline.numbers().stream()
        .filter(other -> other.name().equals(quantity.name()))
        .findFirst()
        .map(ReportTables::cell)
        .orElse(Cell.NONE);
  }

  private static Cell cell(Quantity quantity) {
    Double low = quantity.low();
    Double high = quantity.high();
    int decimals = quantity.value() == Math.rint(quantity.value()) ? 0 : 2;
    return low == null || high == null
        ? Cell.of(Cell.fixed(quantity.value(), decimals))
        : Cell.of(quantity.value(), low, high, decimals);
  }

  /** Table 2 as printed, if it may stand beside a run. */
  static EvalPage.@Nullable Explicit explicit(List<String> tables) {
    if (!tables.contains("2")) {
      return null;
    }
    List<Row> rows =
        PublishedTables.explicit().stream()
            .map(
                row -> {
                  List<Cell> cells = new ArrayList<>();
                  row.parts().forEach(count -> cells.add(Cell.of(String.valueOf(count))));
                  cells.add(Cell.of(String.valueOf(row.total())));
                  cells.add(cell(row.clip()));
                  return new Row("published", row.method(), cells);
                })
            .toList();
    return new EvalPage.Explicit(PUBLISHED + PUBLISHED_ON, rows);
  }

  /** The published rows of a concept below their heading; none if no table has any. */
  static List<Row> published(String concept, List<String> tables) {
    List<PublishedTables.Row> published = PublishedTables.erasure(tables, concept);
    if (published.isEmpty()) {
      return List.of();
    }
    String table = tables.contains("3") ? " (its Table 3, automobile)" : "";
    Stream<Row> rows =
        published.stream()
            .map(
                row ->
                    new Row(
                        "published",
                        row.method(),
                        List.of(
                            cell(row.accE()), cell(row.accS()), cell(row.accG()), cell(row.hO()))));
    return Stream.concat(Stream.of(Row.group(PUBLISHED + table + PUBLISHED_ON)), rows).toList();
  }

  private static Row row(String style, String name, Figures figures) {
    return new Row(style, name, cells(figures));
  }

  /** The four figures. */
  static List<Cell> cells(Figures figures) {
    return List.of(
        cell(figures.accE()), cell(figures.accS()), cell(figures.accG()), cell(figures.hO()));
  }

  /** A figure and its interval below. */
  static Cell cell(@Nullable Interval interval) {
    if (interval == null) {
      return Cell.NONE;
    }
    return interval.isPoint()
        ? Cell.of(Cell.fixed(interval.value(), 1))
        : Cell.of(interval.value(), interval.low(), interval.high(), 1);
  }

  private static Cell cell(@Nullable Double value) {
    return value == null ? Cell.NONE : Cell.of(Cell.fixed(value, 2));
  }

  static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
