package org.realera.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Comparison.Cost;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.Summary.View;
import org.realera.eval.metrics.ViewName;
import org.realera.files.Sizes;
import org.realera.report.Cell;
import org.realera.report.MethodsPage.Table;
import org.realera.report.Row;

/** The tables of a comparison of methods. */
final class MethodsTables {
  private final Comparison comparison;
  private final List<String> published;

  /**
   * @param published ids of the paper's tables whose figures may stand beside these
   */
  MethodsTables(Comparison comparison, List<String> published) {
    this.comparison = comparison;
    this.published = published;
  }

  /** The means over the concepts: the headline with the costs first. */
  List<Table> means() {
    List<Table> tables = new ArrayList<>();
    for (ViewName view : comparison.shown()) {
      boolean first = tables.isEmpty();
      List<Row> rows = new ArrayList<>();
      for (Method method : comparison.methods()) {
        method
            .view(view)
            .ifPresent(
                figures -> {
                  List<Cell> cells = new ArrayList<>(ReportTables.cells(figures));
                  if (first) {
                    cells.addAll(costs(method.cost()));
                  }
                  rows.add(new Row(style(method, view), name(method), cells));
                });
      }
      rows.addAll(published(view, "average", first));
      tables.add(new Table(title(view), first, rows));
    }
    return tables;
  }

  /** The figures of one concept. */
  List<Table> of(String concept) {
    List<Table> tables = new ArrayList<>();
    List<Summary.Run> runs =
        comparison.runs().stream().filter(run -> concept.equals(run.concept())).toList();
    for (ViewName view : comparison.shown()) {
      List<Row> rows = new ArrayList<>();
      runs.stream()
          .map(Summary.Run::baseline)
          .filter(Objects::nonNull)
          .findFirst()
          .flatMap(baseline -> figures(baseline, view))
          .ifPresent(f -> rows.add(new Row("", Comparison.ORIGINAL, ReportTables.cells(f))));
      for (Summary.Run run : runs) {
        figures(run.model(), view)
            .ifPresent(f -> rows.add(new Row("", run.label(), ReportTables.cells(f))));
      }
      rows.addAll(published(view, concept, false));
      tables.add(new Table(title(view), false, rows));
    }
    return tables;
  }

  private static Optional<Figures> figures(Summary.Model model, ViewName view) {
    return model.views().stream()
        .filter(other -> other.name().equals(view))
        .map(View::figures)
        .findFirst();
  }

  /** What a table of a view is called. */
  static String title(ViewName view) {
    return view.equals(ViewName.OPEN_SET)
        ? "Open set: anchor and scenes are labels too"
        : view.equals(ViewName.CLOSED_SET)
            ? "Closed set: the published protocol"
            : ReportTables.capital(view.toString());
  }

  /** The best H_o stands out. */
  private String style(Method method, ViewName view) {
    Optional<Method> best =
        comparison.methods().stream()
            .filter(other -> comparison.isEven() && !other.isOriginal())
            .max(Comparator.comparingDouble(other -> harmonic(other, view)));
    return best.isPresent() && best.get().equals(method) && harmonic(method, view) >= 0
        ? "mine"
        : "";
  }

  private static double harmonic(Method method, ViewName view) {
    return method.view(view).map(Figures::hO).map(hO -> hO.value()).orElse(-1.0);
  }

  /** With the concepts that it was measured on, where methods differ in these. */
  private String name(Method method) {
    return comparison.isEven()
        ? method.title()
        : method.title() + " (" + String.join(", ", method.concepts()) + ")";
  }

  private List<Row> published(ViewName view, String concept, boolean costs) {
    boolean protocol = !view.isOpenSet() && !view.subtypes();
    return protocol
        ? ReportTables.published(concept, published).stream()
            .map(row -> costs && !row.isGroup() ? wide(row) : row)
            .toList()
        : List.of();
  }

  private static Row wide(Row row) {
    Cell none = Cell.of("");
    return new Row(
        row.style(),
        row.name(),
        Stream.concat(row.cells().stream(), Stream.of(none, none, none, none)).toList());
  }

  private static List<Cell> costs(@Nullable Cost cost) {
    if (cost == null) {
      return List.of(Cell.NONE, Cell.NONE, Cell.NONE, Cell.NONE);
    }
    return List.of(
        cell(cost.seconds(), seconds -> Cell.fixed(seconds, 1)),
        cell(cost.unetPasses(), passes -> Cell.fixed(passes, 0)),
        cell(cost.peakMemoryBytes(), bytes -> Sizes.text((long) bytes)),
        cell(cost.tensors(), tensors -> Cell.fixed(tensors, 0)));
  }

  private static Cell cell(@Nullable Double value, DoubleFunction<String> text) {
    return value == null ? Cell.NONE : Cell.of(text.apply(value));
  }
}
