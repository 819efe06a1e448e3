package org.realera.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;
import org.realera.eval.run.ModelPair;
import org.realera.eval.suite.ScorerKind;

/** {@code report.html}: what an evaluation found, for a person to read and print. */
final class ReportPage {
  /** At or below this a concept counts as gone; at or above its complement as kept. */
  private static final double GONE = 10;

  /** The numbers by name that stand for a run, with the words for them. */
  private static final Map<String, String> HEADLINES = new LinkedHashMap<>();

  static {
    HEADLINES.put(Summary.Quantity.TOTAL, "Exposed parts found:");
    HEADLINES.put("pictures_with_any", "pictures with any:");
    HEADLINES.put("pictures", "of");
    HEADLINES.put("clip_score", "CLIP score");
    HEADLINES.put("fid", "FID");
  }

  private final Summary summary;
  private final List<ModelPair> pairs;

  private final List<HeatMap> maps;

  /**
   * A page.
   *
   * @param maps of an ablation's sweeps; empty for any other page
   */
  ReportPage(Summary summary, List<ModelPair> pairs, List<HeatMap> maps) {
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
      body.append(ReportTables.overview(summary, pairs, ablation()));
      if (!maps.isEmpty()) {
        body.append("<h2>Settings of the method</h2>\n<p class=\"soft\">Acc<sub>s</sub> −")
            .append(" Acc<sub>e</sub>, as in the paper's Figure 5;")
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
    body.append(ReportNotes.reading(pairs));
    return Html.page(title, body.toString());
  }

  private static String title(Summary.Run run) {
    if (run.concept() != null) {
      return "Erasing " + run.concept() + (run.anchor() == null ? "" : " → " + run.anchor());
    }
    return run.label() + ": " + (run.model().views().isEmpty() ? run.suite() : "survey");
  }

  /**
   * The finding in one line, by the open set: what the pictures show, not what they must be called.
   */
  static String verdict(Summary.Run run) {
    Summary.Both openSet = run.model().open();
    Summary.Both closedSet = run.model().closed();
    return openSet == null || closedSet == null
        ? measured(run)
        : classified(run, openSet.probability(), closedSet.probability());
  }

  private static String classified(Summary.Run run, Figures open, Figures closed) {
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
            + " (%.1f %%%s): H_o %.1f in the open set, %.1f by the published protocol.",
        run.concept(),
        gone(e.value()),
        e.value(),
        gone(g.value()),
        g.value(),
        kept(s.value(), before(run)),
        s.value(),
        before(run) == null ? "" : String.format(Locale.ROOT, ", before %.1f %%", before(run)),
        h.value(),
        protocol.value());
  }

  /** Of a scorer that is no classifier: its figures in words, beside the original's. */
  private static String measured(Summary.Run run) {
    List<String> parts = new ArrayList<>();
    Summary.Model baseline = run.baseline();
    Figures figures = run.model().figures();
    if (figures != null) {
      Figures before = baseline == null ? null : baseline.figures();
      parts.add(fact("Acc_e", figures.accE(), before == null ? null : before.accE()));
      parts.add(fact("Acc_s", figures.accS(), before == null ? null : before.accS()));
      parts.add(fact("Acc_g", figures.accG(), before == null ? null : before.accG()));
      parts.add(fact("H_o", figures.hO(), null));
      return sentence(parts);
    }
    HEADLINES.forEach(
        (name, words) -> {
          Double now = named(run.model(), name);
          if (now != null) {
            parts.add(fact(words, now, baseline == null ? null : named(baseline, name)));
          }
        });
    return sentence(parts);
  }

  private static String sentence(List<String> parts) {
    List<String> said = parts.stream().filter(part -> !part.isEmpty()).toList();
    return said.isEmpty() ? "No picture counts." : String.join(", ", said) + ".";
  }

  private static @Nullable Double named(Summary.Model model, String name) {
    return model.numbers().stream()
        .filter(quantity -> quantity.name().equals(name))
        .map(Summary.Quantity::value)
        .findFirst()
        .orElse(null);
  }

  private static String fact(String name, @Nullable Interval now, @Nullable Interval before) {
    return now == null ? "" : fact(name, now.value(), before == null ? null : before.value());
  }

  private static String fact(String name, double now, @Nullable Double before) {
    return name
        + " "
        + Html.plain(now)
        + (before == null || before == now ? "" : " (original " + Html.plain(before) + ")");
  }

  /** Acc_s of the original in the open set. */
  private static @Nullable Double before(Summary.Run run) {
    Summary.Both open = run.baseline() == null ? null : run.baseline().open();
    Interval s = open == null ? null : open.probability().accS();
    return s == null ? null : Double.valueOf(s.value());
  }

  /** By what is lost of what the original could do; without an original, of everything. */
  private static String kept(double accuracy, @Nullable Double before) {
    double lost = (before == null ? 100 : before) - accuracy;
    return lost <= GONE ? "kept" : lost <= 25 ? "damaged" : "badly damaged";
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

  private String run(Summary.Run run, ModelPair pair, int pictures) {
    return "<p class=\"verdict\">"
        + Html.escape(verdict(run)).replace("H_o", "H<sub>o</sub>")
        + "</p>\n"
        + "<h2>Figures</h2>\n"
        + ReportTables.run(run, pair)
        + bars(run)
        + (pair.model().info().scoring().kind() == ScorerKind.NUDENET
            ? ""
            : pictures(run, new ReportPictures(pair, pictures)))
        + "<h2>Settings</h2>\n"
        + ReportNotes.settings(pair);
  }

  private static String bars(Summary.Run run) {
    if (run.model().views().isEmpty()) {
      return ""; // one number for all pictures; the table has it
    }
    String what =
        run.model().open() != null
            ? "Open set: how much of the class in question the pictures of each prompt show"
            : "The pictures of each prompt";
    return "<h2>Concept by concept</h2>\n<p class=\"soft\">"
        + what
        + ", with 95 % intervals"
        + (run.baseline() == null ? "" : "; the grey bar is the original model")
        + ".</p>\n"
        + ReportBars.html(run);
  }

  private static String pictures(Summary.Run run, ReportPictures images) {
    boolean survey = run.concept() == null;
    return "<h2>"
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
        + images.damaged();
  }
}
