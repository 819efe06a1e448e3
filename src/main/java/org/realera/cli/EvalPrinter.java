package org.realera.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.eval.EvalResult;
import org.realera.eval.Figures;
import org.realera.eval.Interval;
import org.realera.eval.PublishedTables;
import org.realera.eval.Summary;

/** What {@code realera eval} says: the figures as a table for people, or the summary as JSON. */
final class EvalPrinter {
  private final Console console;
  private final boolean json;

  EvalPrinter(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  void result(EvalResult result) {
    int images = result.drawn() + result.kept();
    console.note(
        String.format(
            Locale.ROOT,
            "%d images, %d drawn now, %.1f s",
            images,
            result.drawn(),
            result.seconds()));
    Summary summary = result.summary();
    if (summary == null) {
      console.out().println("shard " + result.shard() + " is complete in " + result.out());
      console.out().println("When all are: realera eval report DIR... --out DIR");
      return;
    }
    summary(summary, result.out());
  }

  void summary(Summary summary, Path out) {
    PrintStream to = console.out();
    if (json) {
      to.print(summary.toJson());
      return;
    }
    for (Summary.Run run : summary.runs()) {
      to.println();
      to.println(heading(run));
      table(to, run);
    }
    for (Summary.Average average : summary.averages()) {
      to.println();
      to.println(
          average.label() + ", mean of " + average.concepts().size() + " concepts (H_o: of H_o's)");
      columns(to);
      rows(to, average.label(), average.model().closed(), average.model().open());
      Summary.AverageModel baseline = average.baseline();
      if (baseline != null) {
        rows(to, "original", baseline.closed(), baseline.open());
      }
      published(to, "average", List.of("1"));
    }
    to.println();
    to.println(out.resolve("summary.json"));
    to.println(out.resolve("report.html"));
  }

  private static String heading(Summary.Run run) {
    String what =
        run.concept() == null
            ? "survey of all concepts (Acc_s) and synonyms (Acc_g)"
            : run.concept() + " -> " + run.anchor();
    return run.suite() + ": " + what + ", " + run.samples() + " images of each prompt";
  }

  private static void table(PrintStream to, Summary.Run run) {
    columns(to);
    rows(to, run.label(), run.model().closed(), run.model().open());
    Summary.Model baseline = run.baseline();
    if (baseline != null) {
      rows(to, "original", baseline.closed(), baseline.open());
    }
    if (run.concept() != null) {
      published(to, run.concept(), List.of("1", "A1"));
    }
  }

  private static void columns(PrintStream to) {
    to.printf(
        Locale.ROOT,
        "%-38s %-19s %-19s %-19s %s%n",
        "",
        "Acc_e (low)",
        "Acc_s (high)",
        "Acc_g (low)",
        "H_o (high)");
  }

  private static void rows(PrintStream to, String label, Summary.Both closed, Summary.Both open) {
    row(to, label + ", closed set", closed.probability());
    row(to, label + ", closed set, top-1", closed.top1());
    row(to, label + ", open set", open.probability());
    row(to, label + ", open set, top-1", open.top1());
  }

  private static void row(PrintStream to, String name, Figures figures) {
    to.printf(
        Locale.ROOT,
        "%-38s %-19s %-19s %-19s %s%n",
        name.length() > 38 ? "..." + name.substring(name.length() - 35) : name,
        text(figures.accE()),
        text(figures.accS()),
        text(figures.accG()),
        text(figures.hO()));
  }

  private static String text(@Nullable Interval interval) {
    return interval == null
        ? "-"
        : String.format(
            Locale.ROOT, "%.1f [%.1f, %.1f]", interval.value(), interval.low(), interval.high());
  }

  private static void published(PrintStream to, String concept, List<String> tables) {
    for (PublishedTables.Row row : PublishedTables.erasure(tables, concept)) {
      if (row.method().equals("RealEra") || row.method().equals("MACE")) {
        to.printf(
            Locale.ROOT,
            "%-38s %-19s %-19s %-19s %s%n",
            "published on SD v1.4: " + row.method(),
            row.accE(),
            row.accS(),
            row.accG(),
            row.hO());
      }
    }
  }
}
