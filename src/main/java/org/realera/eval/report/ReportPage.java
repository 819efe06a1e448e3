package org.realera.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.realera.eval.metrics.Summary;
import org.realera.eval.run.ModelPair;
import org.realera.eval.suite.ScorerKind;
import org.realera.report.EvalPage;

/** What an evaluation found, as its page shows it. */
final class ReportPage {
  /** Images of each prompt on a page of one run. */
  private static final int MANY = 8;

  /** Images of each prompt on a page of several. */
  private static final int FEW = 4;

  private ReportPage() {}

  /** A page of one run, or of several. */
  static EvalPage of(Summary summary, List<ModelPair> pairs) {
    return page(summary, pairs, VariantLabels.are(summary.runs()), List.of());
  }

  /**
   * A page of variants of one erasure.
   *
   * @param maps of its sweeps
   */
  static EvalPage ablation(Summary summary, List<ModelPair> pairs, List<HeatMap> maps) {
    return page(summary, pairs, true, maps);
  }

  private static EvalPage page(
      Summary summary, List<ModelPair> pairs, boolean ablation, List<HeatMap> maps) {
    boolean single = pairs.size() == 1;
    List<EvalPage.Run> runs = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      Summary.Run run = summary.runs().get(i);
      String heading = single ? title(run) : title(run) + " · " + run.label();
      runs.add(run(heading, run, pairs.get(i), single ? MANY : FEW));
    }
    String title =
        single
            ? title(summary.runs().get(0))
            : ablation
                ? "What each part does: erasing " + summary.runs().get(0).concept()
                : pairs.size() + " evaluations";
    return new EvalPage(
        title,
        single
            ? null
            : ReportTables.overview(
                summary, published(pairs.get(0)), ablation, ReportNotes.notes(pairs)),
        maps.stream().map(HeatMap::table).toList(),
        runs,
        ReportNotes.readings(pairs),
        pairs.stream().allMatch(pair -> pair.model().isClassified()));
  }

  private static EvalPage.Run run(String heading, Summary.Run run, ModelPair pair, int images) {
    return new EvalPage.Run(
        heading,
        ReportNotes.sameness(pair) + Headline.of(run),
        ReportTables.run(run, published(pair)),
        ReportTables.numbers(run),
        ReportTables.explicit(published(pair)),
        ReportBars.of(run),
        pair.model().info().scoring().kind() == ScorerKind.NUDENET
            ? null
            : RunGallery.of(pair, images),
        ReportNotes.settings(pair));
  }

  private static List<String> published(ModelPair pair) {
    return pair.model().info().published();
  }

  private static String title(Summary.Run run) {
    if (run.concept() != null) {
      return "Erasing " + run.concept() + (run.anchor() == null ? "" : " → " + run.anchor());
    }
    return run.label() + ": " + (run.model().views().isEmpty() ? run.suite() : "survey");
  }
}
