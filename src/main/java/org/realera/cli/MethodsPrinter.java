package org.realera.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Comparison.Cost;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.ViewName;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.RunFiles;
import org.realera.files.Sizes;

/** A comparison of methods as tables for people. */
final class MethodsPrinter {
  private static final String COST = "%9s %9s %9s %8s";

  private final PrintStream to;
  private final Comparison comparison;

  MethodsPrinter(PrintStream to, Comparison comparison) {
    this.to = to;
    this.comparison = comparison;
  }

  void print(Path out) {
    Summary.Run first = comparison.runs().get(0);
    int concepts =
        comparison.methods().stream().mapToInt(method -> method.concepts().size()).max().orElse(0);
    to.printf(
        Locale.ROOT,
        "%n%s: %d %s, %d %s of each prompt; means (H_o: of H_o's), costs a concept%n",
        first.suite(),
        concepts,
        concepts == 1 ? "concept" : "concepts",
        first.samples(),
        first.samples() == 1 ? "image" : "images");
    boolean costs = true;
    for (ViewName view : comparison.shown()) {
      to.println();
      line(
          view.toString(),
          "Acc_e (low)",
          "Acc_s (high)",
          "Acc_g (low)",
          "H_o (high)",
          costs ? String.format(Locale.ROOT, COST, "seconds", "passes", "memory", "tensors") : "");
      for (Method method : comparison.methods()) {
        String cost = costs ? text(method.cost()) : "";
        method.view(view).ifPresent(figures -> line(method.title(), figures, cost));
      }
      costs = false;
    }
    to.println();
    to.println(out.resolve(RunFiles.SUMMARY));
    to.println(out.resolve(EvalReport.METHODS));
    to.println(out.resolve(RunFiles.REPORT));
  }

  private void line(String name, Figures figures, String cost) {
    line(
        name,
        EvalPrinter.text(figures.accE()),
        EvalPrinter.text(figures.accS()),
        EvalPrinter.text(figures.accG()),
        EvalPrinter.text(figures.hO()),
        cost);
  }

  private void line(String... cells) {
    to.println(
        String.format(Locale.ROOT, "%-20s %-20s %-20s %-20s %-20s %s", (Object[]) cells)
            .stripTrailing());
  }

  private static String text(@Nullable Cost cost) {
    List<String> cells =
        cost == null
            ? List.of("-", "-", "-", "-")
            : List.of(
                number(cost.seconds(), "%.1f"),
                number(cost.unetPasses(), "%.0f"),
                cost.peakMemoryBytes() == null
                    ? "-"
                    : Sizes.text(cost.peakMemoryBytes().longValue()),
                number(cost.tensors(), "%.0f"));
    return String.format(Locale.ROOT, COST, cells.toArray());
  }

  private static String number(@Nullable Double value, String format) {
    return value == null ? "-" : String.format(Locale.ROOT, format, value);
  }
}
