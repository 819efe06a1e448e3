package org.realera.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.eval.Suite.Sampler;

/** {@code report.html}: what an evaluation found, for a person to read and print. */
final class ReportPage {
  /** At or below this a concept counts as gone; at or above its complement as kept. */
  private static final double GONE = 10;

  private final Summary summary;
  private final List<Summary.Pair> pairs;

  private final List<HeatMap> maps;

  /**
   * A page.
   *
   * @param maps of an ablation's sweeps; empty for any other page
   */
  ReportPage(Summary summary, List<Summary.Pair> pairs, List<HeatMap> maps) {
    this.summary = summary;
    this.pairs = pairs;
    this.maps = maps;
  }

  String html() {
    StringBuilder body = new StringBuilder();
    String title;
    if (pairs.size() == 1) {
      title = title(summary.runs().get(0));
      body.append("<h1>").append(Html.escape(title)).append("</h1>\n");
      body.append(run(summary.runs().get(0), pairs.get(0), 8));
    } else {
      title =
          ablation()
              ? "What each part does: erasing " + summary.runs().get(0).concept()
              : pairs.size() + " evaluations";
      body.append("<h1>").append(Html.escape(title)).append("</h1>\n");
      body.append(overview());
      if (!maps.isEmpty()) {
        body.append("<h2>Settings of the method</h2>\n<p class=\"soft\">Acc<sub>s</sub> −")
            .append(" Acc<sub>e</sub> by the published protocol, as in the paper's Figure 5;")
            .append(" higher is better. Closed form without noise alignment.</p>\n");
        maps.forEach(map -> body.append(map.html()));
      }
      for (int i = 0; i < pairs.size(); i++) {
        Summary.Run run = summary.runs().get(i);
        body.append("<details><summary>")
            .append(Html.escape(title(run) + " · " + run.label()))
            .append("</summary>\n")
            .append(run(run, pairs.get(i), 4))
            .append("</details>\n");
      }
    }
    body.append(notes());
    return Html.page(title, body.toString());
  }

  private static String title(Summary.Run run) {
    return run.concept() == null
        ? run.label() + ": survey"
        : "Erasing " + run.concept() + (run.anchor() == null ? "" : " → " + run.anchor());
  }

  /**
   * The finding in one line, by the open set: what the pictures show, not what they must be called.
   */
  static String verdict(Summary.Run run) {
    Figures open = run.model().open().probability();
    Figures closed = run.model().closed().probability();
    Interval e = open.accE();
    Interval s = open.accS();
    Interval g = open.accG();
    Interval h = open.hO();
    Interval protocol = closed.hO();
    if (e == null || s == null || g == null || h == null || protocol == null) {
      Interval classes = Objects.requireNonNull(closed.accS(), "a run without images");
      String synonyms =
          closed.accG() == null
              ? ""
              : ", its synonyms at " + Html.number(closed.accG().value()) + " %";
      return "The model draws its concepts at "
          + Html.number(classes.value())
          + " % accuracy"
          + synonyms
          + ".";
    }
    return String.format(
        Locale.ROOT,
        "“%s” is %s (%.1f %% left), its synonyms are %s (%.1f %%), the other concepts are %s"
            + " (%.1f %%): H_o %.1f in the open set, %.1f by the published protocol.",
        run.concept(),
        gone(e.value()),
        e.value(),
        gone(g.value()),
        g.value(),
        s.value() >= 100 - GONE ? "kept" : s.value() >= 75 ? "damaged" : "badly damaged",
        s.value(),
        h.value(),
        protocol.value());
  }

  private static String gone(double accuracy) {
    return accuracy <= GONE ? "gone" : accuracy <= 50 ? "partly gone" : "still there";
  }

  /** Whether the runs are variants of one erasure. */
  private boolean ablation() {
    return summary.runs().stream().map(Summary.Run::concept).distinct().count() == 1
        && summary.runs().stream().map(Summary.Run::label).distinct().count()
            == summary.runs().size();
  }

  private String overview() {
    StringBuilder rows = new StringBuilder();
    for (Summary.Average average : summary.averages()) {
      rows.append(
          Html.group(
              average.label() + ", mean of " + average.concepts().size() + " concepts; H_o: mean"));
      rows.append(Html.row("mine", "closed set", average.model().closed().probability()));
      rows.append(Html.row("mine", "open set", average.model().open().probability()));
    }
    if (!summary.averages().isEmpty()) {
      rows.append(published("average", List.of("1")));
    }
    for (String space : List.of("Closed set (published protocol)", "Open set")) {
      rows.append(Html.group(space));
      for (Summary.Run run : summary.runs()) {
        Summary.Both both = space.startsWith("Open") ? run.model().open() : run.model().closed();
        String name = (run.concept() == null ? "survey" : run.concept()) + " · " + run.label();
        rows.append(Html.row("", name, both.probability()));
      }
    }
    Summary.Model original = summary.runs().get(0).baseline();
    if (ablation() && original != null) {
      rows.append(Html.group("Original model"));
      rows.append(Html.row("", "closed set", original.closed().probability()));
      rows.append(Html.row("", "open set", original.open().probability()));
      rows.append(published("automobile", List.of("3")));
    }
    return Html.table(Html.COLUMNS, rows.toString());
  }

  private String run(Summary.Run run, Summary.Pair pair, int pictures) {
    ReportPictures images = new ReportPictures(pair, pictures);
    boolean survey = run.concept() == null;
    return "<p class=\"verdict\">"
        + Html.escape(verdict(run)).replace("H_o", "H<sub>o</sub>")
        + "</p>\n"
        + "<h2>Figures</h2>\n"
        + figures(run, pair)
        + "<h2>Concept by concept</h2>\n<p class=\"soft\">Open set: how much of the class in question the"
        + " pictures of each prompt show, with 95 % intervals"
        + (run.baseline() == null ? "" : "; the grey bar is the original model")
        + ".</p>\n"
        + ReportBars.html(run)
        + "<h2>"
        + (run.baseline() == null ? "Pictures" : "Before and after, with the same seeds")
        + "</h2>\n"
        + images.cards()
        + (survey
            ? ""
            : "<h2>What is left of it</h2>\n<p class=\"soft\">The images of the concept and its"
                + " synonyms with the highest remaining score.</p>\n"
                + images.fooled())
        + (survey ? "<h2>Least recognised</h2>\n" : "<h2>What suffered most</h2>\n")
        + "<p class=\"soft\">The images of "
        + (survey ? "the" : "other")
        + " concepts that show their own concept least.</p>\n"
        + images.damaged()
        + "<h2>Settings</h2>\n"
        + settings(pair);
  }

  private static String figures(Summary.Run run, Summary.Pair pair) {
    Summary.Model baseline = run.baseline();
    StringBuilder rows = new StringBuilder();
    rows.append(Html.group("Closed set: the published protocol, mean probability of the class"));
    rows.append(Html.row("mine", run.label(), run.model().closed().probability()));
    if (baseline != null) {
      rows.append(Html.row("", "original", baseline.closed().probability()));
    }
    rows.append(Html.group("Open set: anchor and scenes are labels too"));
    rows.append(Html.row("mine", run.label(), run.model().open().probability()));
    if (baseline != null) {
      rows.append(Html.row("", "original", baseline.open().probability()));
    }
    rows.append(Html.group("Share of images whose best label is the class (top-1)"));
    rows.append(Html.row("", run.label() + ", closed set", run.model().closed().top1()));
    rows.append(Html.row("", run.label() + ", open set", run.model().open().top1()));
    if (run.concept() != null) {
      rows.append(published(run.concept(), pair.model().info().published()));
    }
    return Html.table(Html.COLUMNS, rows.toString());
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
                + ", measured by its authors on Stable Diffusion v1.4"));
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

  private static String settings(Summary.Pair pair) {
    RunInfo info = pair.model().info();
    Sampler sampler = info.sampler();
    List<String[]> facts = new ArrayList<>();
    facts.add(new String[] {"Suite", info.suite() + ", realera " + info.tool()});
    facts.add(model("Model", info));
    facts.add(model("Original", pair.baseline() == null ? null : pair.baseline().info()));
    facts.add(
        new String[] {
          "Scorer",
          info.scoring().scorer() + ", weights " + brief(info.scoring().scorerFingerprint())
        });
    facts.add(
        new String[] {
          "Images",
          "%d of each of %d prompts, seeds 0 to %d"
              .formatted(info.samples(), info.sets().size(), info.samples() - 1)
        });
    facts.add(
        new String[] {
          "Sampler",
          "%s, %d steps, guidance %s, %d × %d, %s on %s, batches of %d"
              .formatted(
                  sampler.scheduler().toUpperCase(Locale.ROOT),
                  sampler.steps(),
                  sampler.guidance(),
                  sampler.width(),
                  sampler.height(),
                  info.dtype(),
                  info.device(),
                  info.batch())
        });
    Labels labels = info.labels();
    facts.add(
        new String[] {"Labels", String.join(", ", labels.names().subList(0, labels.closed()))});
    facts.add(
        new String[] {
          "Open set adds",
          String.join(", ", labels.names().subList(labels.closed(), labels.names().size()))
        });
    StringBuilder out = new StringBuilder("<dl class=\"card\">\n");
    for (String[] fact : facts) {
      if (!fact[1].isEmpty()) {
        out.append("<dt>%s</dt><dd>%s</dd>\n".formatted(fact[0], Html.escape(fact[1])));
      }
    }
    return out.append("</dl>\n").toString();
  }

  private static String[] model(String name, @Nullable RunInfo info) {
    String text = info == null ? "" : info.model() + ", weights " + brief(info.modelFingerprint());
    return new String[] {name, text};
  }

  private static String brief(String fingerprint) {
    return fingerprint.substring(0, Math.min(16, fingerprint.length()));
  }

  private static String notes() {
    return "<h2>How to read this</h2>\n"
        + "<p>Acc<sub>e</sub> is the accuracy with which the scorer finds the erased concept in"
        + " pictures of it, Acc<sub>g</sub> the same in pictures of its synonyms, Acc<sub>s</sub>"
        + " the accuracy on the other concepts. H<sub>o</sub> is the harmonic mean of"
        + " 100 − Acc<sub>e</sub>, Acc<sub>s</sub> and 100 − Acc<sub>g</sub>.</p>\n"
        + "<p>The published protocol's softmax knows the classes alone and must call every picture"
        + " one of them: an empty sky then counts as an airplane. The open set adds the anchor and a"
        + " list of scenes to the labels.</p>\n"
        + "<p>Intervals are 95 % bootstrap intervals: the images of each prompt are redrawn 2,000"
        + " times. They speak of other seeds with these prompts, not of other prompts.</p>\n";
  }
}
