package org.realera.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Comparison.Cost;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;
import org.realera.files.Csv;

/**
 * {@code methods.csv}: a row for each method and way to read the scores, first the means over the
 * concepts, then each concept. UTF-8, commas, LF; what is not known is empty.
 */
final class MethodsCsv {
  private static final List<String> HEADER =
      List.of(
          "method",
          "title",
          "concept",
          "concepts",
          "view",
          "acc_e",
          "acc_e_low",
          "acc_e_high",
          "acc_s",
          "acc_s_low",
          "acc_s_high",
          "acc_g",
          "acc_g_low",
          "acc_g_high",
          "h_o",
          "h_o_low",
          "h_o_high",
          "seconds",
          "unet_passes",
          "peak_memory_bytes",
          "tensors");

  private MethodsCsv() {}

  static String write(Comparison comparison) {
    StringBuilder out = new StringBuilder(Csv.line(HEADER));
    for (Method method : comparison.methods()) {
      for (Summary.View view : method.figures().views()) {
        List<String> row = new ArrayList<>();
        row.addAll(List.of(method.method(), method.title(), "mean"));
        row.add(String.valueOf(method.concepts().size()));
        row.add(view.name().toString());
        row.addAll(figures(view.figures()));
        row.addAll(cost(method.cost()));
        out.append(Csv.guardedLine(row));
      }
    }
    for (Summary.Run run : comparison.runs()) {
      for (Summary.View view : run.model().views()) {
        List<String> row = new ArrayList<>();
        row.addAll(List.of(key(comparison, run), run.label()));
        row.add(Objects.requireNonNullElse(run.concept(), ""));
        row.addAll(List.of("1", view.name().toString()));
        row.addAll(figures(view.figures()));
        row.addAll(List.of("", "", "", ""));
        out.append(Csv.guardedLine(row));
      }
    }
    return out.toString();
  }

  private static String key(Comparison comparison, Summary.Run run) {
    return comparison.methods().stream()
        .filter(method -> method.title().equals(run.label()))
        .map(Method::method)
        .findFirst()
        .orElse(run.label());
  }

  private static List<String> figures(Figures figures) {
    List<String> cells = new ArrayList<>();
    cells.addAll(cells(figures.accE()));
    cells.addAll(cells(figures.accS()));
    cells.addAll(cells(figures.accG()));
    cells.addAll(cells(figures.hO()));
    return cells;
  }

  private static List<String> cells(@Nullable Interval interval) {
    return interval == null
        ? List.of("", "", "")
        : Stream.of(interval.value(), interval.low(), interval.high())
            .map(value -> String.format(Locale.ROOT, "%.4f", value))
            .toList();
  }

  private static List<String> cost(@Nullable Cost cost) {
    return cost == null
        ? List.of("", "", "", "")
        : List.of(
            number(cost.seconds(), 3),
            number(cost.unetPasses(), 1),
            number(cost.peakMemoryBytes(), 0),
            number(cost.tensors(), 1));
  }

  private static String number(@Nullable Double value, int decimals) {
    return value == null ? "" : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
