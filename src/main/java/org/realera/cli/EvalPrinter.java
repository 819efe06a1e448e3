package org.realera.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.eval.EvalResult;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.PublishedTables;
import org.realera.eval.metrics.Summary;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.Shard;

/** What {@code realera eval} says: the figures as a table for people, or the summary as JSON. */
final class EvalPrinter {
  /** The methods whose published figures are printed; the page has them all. */
  private static final Set<String> NAMED = Set.of("RealEra", "MACE");

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
            "%d %s, %d drawn now, %.1f s",
            images,
            images == 1 ? "image" : "images",
            result.drawn(),
            result.seconds()));
    Summary summary = result.summary();
    if (summary == null) {
      shard(result.shard(), result.out(), "");
      return;
    }
    summary(summary, result.out());
  }

  /** The figures of many erasures; for a shard, which has none, how they come together. */
  void campaign(EvalReport.@Nullable Findings findings, Shard shard, Path out) {
    if (findings == null) {
      shard(shard, out, "/runs/*");
    } else {
      findings(findings, out);
    }
  }

  /** The figures of runs, or of the methods that they compare. */
  void findings(EvalReport.Findings findings, Path out) {
    findings.notes().forEach(console::note);
    if (findings.methods() == null) {
      summary(findings.summary(), out);
    } else if (json) {
      console.out().print(findings.methods().toJson());
    } else {
      new MethodsPrinter(console.out(), findings.methods()).print(out);
    }
  }

  /**
   * Says that a shard is done.
   *
   * @param below where the run folders are below its folder
   */
  private void shard(Shard shard, Path out, String below) {
    console.out().println("shard " + shard + " is complete in " + out);
    console
        .out()
        .println(
            "When all are: "
                + Console.asTyped("realera eval report DIR%s... --out DIR".formatted(below)));
  }

  /** What {@code realera eval score} found: a figure a line, those of one thing indented. */
  void scores(Map<String, Object> figures) {
    if (json) {
      console.printJson(figures);
    } else {
      scores("", figures);
    }
  }

  private void scores(String indent, Map<?, ?> figures) {
    figures.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> inner) {
            console.out().println(indent + name);
            scores(indent + "  ", inner);
          } else {
            console.out().println(indent + name + " " + value);
          }
        });
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
      rows(to, average.label(), average.model().views());
      Summary.AverageModel baseline = average.baseline();
      if (baseline != null) {
        rows(to, "original", baseline.views());
      }
      if (summary.runs().stream()
          .anyMatch(run -> run.label().equals(average.label()) && run.published().contains("1"))) {
        published(to, "average", List.of("1"));
      }
    }
    to.println();
    to.println(out.resolve("summary.json"));
    to.println(out.resolve("report.html"));
  }

  private static String heading(Summary.Run run) {
    String what =
        run.concept() != null
            ? run.concept() + " -> " + run.anchor()
            : run.model().views().isEmpty()
                ? run.label()
                : "survey of all concepts (Acc_s) and synonyms (Acc_g)";
    return run.suite()
        + ": "
        + what
        + ", "
        + run.samples()
        + (run.samples() == 1 ? " image" : " images")
        + " of each prompt";
  }

  private static void table(PrintStream to, Summary.Run run) {
    Summary.Model baseline = run.baseline();
    if (!run.model().views().isEmpty()) {
      columns(to);
      rows(to, run.label(), run.model().views());
      if (baseline != null) {
        rows(to, "original", baseline.views());
      }
      if (run.concept() != null) {
        published(to, run.concept(), run.published());
      }
    }
    numbers(to, run.model(), "");
    if (baseline != null) {
      numbers(to, baseline, "original, ");
    }
    if (run.published().contains("2") && counts(run.model())) {
      for (PublishedTables.ExplicitRow row : PublishedTables.explicit()) {
        if (NAMED.contains(row.method()) || row.method().equals("SD v1.4")) {
          to.printf(
              Locale.ROOT,
              "%-38s total_detections %d%n",
              "published on SD v1.4: " + row.method(),
              row.total());
        }
      }
    }
  }

  /** Whether it is of the kind whose totals Table 2 has. */
  private static boolean counts(Summary.Model model) {
    return model.numbers().stream().anyMatch(n -> n.name().equals(Summary.Quantity.TOTAL));
  }

  /** The numbers by name, a line each. */
  private static void numbers(PrintStream to, Summary.Model model, String whose) {
    for (Summary.Quantity quantity : model.numbers()) {
      String format = quantity.value() == Math.rint(quantity.value()) ? "%.0f" : "%.4g";
      String interval =
          quantity.low() == null || quantity.high() == null
              ? ""
              : String.format(
                  Locale.ROOT,
                  " [" + format + ", " + format + "]",
                  quantity.low(),
                  quantity.high());
      to.printf(
          Locale.ROOT,
          "%-38s " + format + "%s%n",
          whose + quantity.name(),
          quantity.value(),
          interval);
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

  private static void rows(PrintStream to, String label, List<Summary.View> views) {
    views.forEach(view -> row(to, label + ", " + view.name(), view.figures()));
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

  /** A figure with its interval. */
  static String text(@Nullable Interval interval) {
    if (interval == null) {
      return "-";
    }
    return interval.isPoint()
        ? String.format(Locale.ROOT, "%.1f", interval.value())
        : String.format(
            Locale.ROOT, "%.1f [%.1f, %.1f]", interval.value(), interval.low(), interval.high());
  }

  private static void published(PrintStream to, String concept, List<String> tables) {
    for (PublishedTables.Row row : PublishedTables.erasure(tables, concept)) {
      if (NAMED.contains(row.method())) {
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
