package org.realera.eval.report;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.PublishedTables;
import org.realera.eval.metrics.PublishedTables.ExplicitRow;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.Summary.Both;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.run.ModelPair;

/** The tables of a page: measured figures, and the published ones beside them. */
final class ReportTables {
  private static final String PUBLISHED_ON = ", measured by its authors on Stable Diffusion v1.4";

  private ReportTables() {}

  /**
   * All runs of a page in one table.
   *
   * @param ablation whether they are variants of one erasure
   */
  static String overview(Summary summary, List<ModelPair> pairs, boolean ablation) {
    StringBuilder rows = new StringBuilder();
    for (Summary.Average average : summary.averages()) {
      rows.append(
          Html.group(
              average.label() + ", mean of " + average.concepts().size() + " concepts; H_o: mean"));
      for (Summary.View view : average.model().views()) {
        rows.append(Html.row("mine", view.name(), view.figures()));
      }
    }
    List<String> tables = pairs.get(0).model().info().published();
    if (!summary.averages().isEmpty() && tables.contains("1")) {
      rows.append(published("average", List.of("1")));
    }
    List<String> views =
        summary.runs().stream()
            .flatMap(run -> run.model().views().stream())
            .map(Summary.View::name)
            .filter(name -> !name.endsWith(", top-1"))
            .distinct()
            .toList();
    for (String view : views) {
      rows.append(
          Html.group(
              view.equals("closed set") ? "Closed set (published protocol)" : capital(view)));
      for (Summary.Run run : summary.runs()) {
        String name = (run.concept() == null ? "survey" : run.concept()) + " · " + run.label();
        run.model().views().stream()
            .filter(other -> other.name().equals(view))
            .forEach(other -> rows.append(Html.row("", name, other.figures())));
      }
    }
    Summary.Model original = summary.runs().get(0).baseline();
    if (ablation && original != null) {
      rows.append(Html.group("Original model"));
      for (Summary.View view : original.views()) {
        if (views.contains(view.name())) {
          rows.append(Html.row("", view.name(), view.figures()));
        }
      }
      rows.append(published("automobile", List.of("3")));
    }
    String table = rows.isEmpty() ? "" : Html.table(Html.COLUMNS, rows.toString());
    StringBuilder numbers = new StringBuilder();
    for (Summary.Run run : summary.runs()) {
      String own = numbers(run);
      if (!own.isEmpty()) {
        numbers.append("<h3>").append(Html.escape(run.suite())).append("</h3>\n").append(own);
      }
    }
    return table + numbers;
  }

  /** One run beside its baseline and what was published. */
  static String run(Summary.Run run, ModelPair pair) {
    StringBuilder rows = new StringBuilder();
    Summary.Model baseline = run.baseline();
    Both closed = run.model().closed();
    Both open = run.model().open();
    if (closed != null && open != null) {
      Both closedBefore = baseline == null ? null : baseline.closed();
      Both openBefore = baseline == null ? null : baseline.open();
      rows.append(Html.group("Closed set: the published protocol, mean probability of the class"));
      rows.append(Html.row("mine", run.label(), closed.probability()));
      rows.append(original(closedBefore == null ? null : closedBefore.probability()));
      rows.append(Html.group("Open set: anchor and scenes are labels too"));
      rows.append(Html.row("mine", run.label(), open.probability()));
      rows.append(original(openBefore == null ? null : openBefore.probability()));
      rows.append(Html.group("Share of images whose best label is the class (top-1)"));
      rows.append(Html.row("", run.label() + ", closed set", closed.top1()));
      rows.append(Html.row("", run.label() + ", open set", open.top1()));
    } else if (run.model().measure() != null && run.model().figures() != null) {
      rows.append(Html.group(capital(run.model().measure())));
      rows.append(Html.row("mine", run.label(), run.model().figures()));
      rows.append(original(baseline == null ? null : baseline.figures()));
    }
    List<String> tables = pair.model().info().published();
    if (run.concept() != null) {
      rows.append(published(run.concept(), tables));
    }
    String table = rows.isEmpty() ? "" : Html.table(Html.COLUMNS, rows.toString());
    return table + numbers(run) + (tables.contains("2") ? explicit() : "");
  }

  private static String original(@Nullable Figures figures) {
    return figures == null ? "" : Html.row("", "original", figures);
  }

  /** The numbers that a run has by name, with those of the original model. */
  private static String numbers(Summary.Run run) {
    if (run.model().numbers().isEmpty()) {
      return "";
    }
    Summary.Model baseline = run.baseline();
    StringBuilder rows = new StringBuilder();
    for (Quantity quantity : run.model().numbers()) {
      Quantity before =
          baseline == null
              ? null
              : baseline.numbers().stream()
                  .filter(other -> other.name().equals(quantity.name()))
                  .findFirst()
                  .orElse(null);
      rows.append("<tr><td>%s</td>".formatted(Html.escape(quantity.name().replace('_', ' '))));
      rows.append(number(quantity));
      rows.append(baseline == null ? "" : number(before)).append("</tr>\n");
    }
    String head =
        "<thead><tr><th></th><th>%s</th>%s</tr></thead>\n"
            .formatted(Html.escape(run.label()), baseline == null ? "" : "<th>original</th>");
    return Html.table(head, rows.toString());
  }

  private static String number(@Nullable Quantity quantity) {
    if (quantity == null) {
      return "<td class=\"n\">–</td>";
    }
    boolean whole = quantity.value() == Math.rint(quantity.value());
    String format = whole ? "%.0f" : "%.2f";
    String text = String.format(Locale.ROOT, format, quantity.value());
    return quantity.low() == null || quantity.high() == null
        ? "<td class=\"n\">" + text + "</td>"
        : "<td class=\"n\">%s<small>%s</small></td>"
            .formatted(
                text,
                String.format(
                    Locale.ROOT,
                    format + " – " + format,
                    Objects.requireNonNull(quantity.low()),
                    Objects.requireNonNull(quantity.high())));
  }

  /** Table 2 as printed. */
  private static String explicit() {
    StringBuilder rows = new StringBuilder();
    for (ExplicitRow row : PublishedTables.explicit()) {
      rows.append("<tr class=\"published\"><td>").append(Html.escape(row.method())).append("</td>");
      row.parts().forEach(count -> rows.append("<td class=\"n\">").append(count).append("</td>"));
      rows.append("<td class=\"n\">").append(row.total()).append("</td>");
      rows.append(Html.cell(row.clip())).append("</tr>\n");
    }
    return "<h3>Published in the RealEra paper"
        + PUBLISHED_ON
        + "</h3>\n"
        + Html.table(
            "<thead><tr><th></th><th>Armpits</th><th>Belly</th><th>Buttocks</th><th>Feet</th>"
                + "<th>Breasts (f)</th><th>Genitalia (f)</th><th>Breasts (m)</th>"
                + "<th>Genitalia (m)</th><th>Total ↓</th><th>CLIP, COCO ↑</th></tr></thead>\n",
            rows.toString());
  }

  private static String published(String concept, List<String> tables) {
    List<PublishedTables.Row> published = PublishedTables.erasure(tables, concept);
    if (published.isEmpty()) {
      return "";
    }
    StringBuilder rows = new StringBuilder();
    rows.append(
        Html.group(
            "Published in the RealEra paper"
                + (tables.contains("3") ? " (its Table 3, automobile)" : "")
                + PUBLISHED_ON));
    for (PublishedTables.Row row : published) {
      rows.append(
          "<tr class=\"published\"><td>%s</td>%s%s%s%s</tr>\n"
              .formatted(
                  Html.escape(row.method()),
                  Html.cell(row.accE()),
                  Html.cell(row.accS()),
                  Html.cell(row.accG()),
                  Html.cell(row.hO())));
    }
    return rows.toString();
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
