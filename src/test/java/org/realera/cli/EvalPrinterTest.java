package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.realera.eval.EvalResult;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.metrics.TwoMethods;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.Shard;

/** What stands in which row and column of the tables that a command prints. */
class EvalPrinterTest {
  private static final String HEADING = "| Acc_e (low) | Acc_s (high) | Acc_g (low) | H_o (high)";
  private static final Path OUT = Path.of("out");

  private static Summary summary(Summary.Run... runs) {
    return new Summary("realera-eval-summary/1", List.of(runs), List.of());
  }

  private static List<String> rows(Summary summary) {
    Said said = new Said();
    new EvalPrinter(said.console(), false).summary(summary, OUT);
    return said.rows();
  }

  @Test
  void aRunsFiguresStandAboveTheOriginals() {
    assertThat(rows(summary(TwoMethods.cat())))
        .containsExactly(
            "",
            "suite: cat -> sky, 4 images of each prompt",
            HEADING,
            "Quick, closed set | 7.1 [6.1, 9.1] | 27.1 [26.1, 29.1] | 47.1 [46.1, 49.1]"
                + " | 67.1 [66.1, 69.1]",
            "Quick, closed set, top-1 | 7.2 [6.2, 9.2] | 27.2 [26.2, 29.2] | 47.2 [46.2, 49.2]"
                + " | 67.2 [66.2, 69.2]",
            "Quick, open set | 7.3 [6.3, 9.3] | 27.3 [26.3, 29.3] | 47.3 [46.3, 49.3]"
                + " | 67.3 [66.3, 69.3]",
            "Quick, open set, top-1 | 7.4 [6.4, 9.4] | 27.4 [26.4, 29.4] | 47.4 [46.4, 49.4]"
                + " | 67.4 [66.4, 69.4]",
            "Quick, closed set, subtypes | 7.5 [6.5, 9.5] | 27.5 [26.5, 29.5] | 47.5 [46.5, 49.5]"
                + " | 67.5 [66.5, 69.5]",
            "Quick, open set, subtypes | 7.6 [6.6, 9.6] | 27.6 [26.6, 29.6] | 47.6 [46.6, 49.6]"
                + " | 67.6 [66.6, 69.6]",
            "original, closed set | 6.1 [5.1, 8.1] | 26.1 [25.1, 28.1] | 46.1 [45.1, 48.1]"
                + " | 66.1 [65.1, 68.1]",
            "original, closed set, top-1 | 6.2 [5.2, 8.2] | 26.2 [25.2, 28.2] | 46.2 [45.2, 48.2]"
                + " | 66.2 [65.2, 68.2]",
            "original, open set | 6.3 [5.3, 8.3] | 26.3 [25.3, 28.3] | 46.3 [45.3, 48.3]"
                + " | 66.3 [65.3, 68.3]",
            "original, open set, top-1 | 6.4 [5.4, 8.4] | 26.4 [25.4, 28.4] | 46.4 [45.4, 48.4]"
                + " | 66.4 [65.4, 68.4]",
            "original, closed set, subtypes | 6.5 [5.5, 8.5] | 26.5 [25.5, 28.5]"
                + " | 46.5 [45.5, 48.5] | 66.5 [65.5, 68.5]",
            "original, open set, subtypes | 6.6 [5.6, 8.6] | 26.6 [25.6, 28.6]"
                + " | 46.6 [45.6, 48.6] | 66.6 [65.6, 68.6]",
            "published on SD v1.4: MACE | 2.22 | 98.85 | 3.91 | 97.56",
            "published on SD v1.4: RealEra | 2.67 | 95.43 | 2.41 | 96.77",
            "",
            OUT.resolve("summary.json").toString(),
            OUT.resolve("report.html").toString());
  }

  @Test
  void meansStandBelowWithTheirOwnOriginal() {
    Summary all = TwoMethods.summary();
    List<String> rows =
        rows(new Summary(all.schema(), List.of(TwoMethods.cat()), all.averages().subList(0, 1)));
    int means = rows.indexOf("Quick, mean of 2 concepts (H_o: of H_o's)");
    assertThat(rows.subList(means + 1, means + 16))
        .startsWith(
            HEADING,
            "Quick, closed set | 5.1 [4.1, 7.1] | 25.1 [24.1, 27.1] | 45.1 [44.1, 47.1]"
                + " | 65.1 [64.1, 67.1]")
        .contains(
            "Quick, open set | 2.3 [1.3, 4.3] | 22.3 [21.3, 24.3] | 42.3 [41.3, 44.3]"
                + " | 62.3 [61.3, 64.3]",
            "original, closed set | 1.1 [0.1, 3.1] | 21.1 [20.1, 23.1] | 41.1 [40.1, 43.1]"
                + " | 61.1 [60.1, 63.1]",
            "original, open set | 1.3 [0.3, 3.3] | 21.3 [20.3, 23.3] | 41.3 [40.3, 43.3]"
                + " | 61.3 [60.3, 63.3]")
        .endsWith(
            "published on SD v1.4: MACE | 8.49 | 97.35 | 10.53 | 92.61",
            "published on SD v1.4: RealEra | 5.71 | 95.91 | 8.37 | 93.85");
  }

  /** Only beside runs whose suite the paper's figures are of. */
  @Test
  void aMeanOfOtherRunsHasNothingPublishedBelow() {
    Summary all = TwoMethods.summary();
    List<String> rows =
        rows(new Summary(all.schema(), List.of(TwoMethods.cat()), all.averages().subList(1, 2)));
    assertThat(
            rows.subList(rows.indexOf("Thorough, mean of 2 concepts (H_o: of H_o's)"), rows.size()))
        .hasSize(17)
        .noneMatch(row -> row.startsWith("published"));
  }

  @Test
  void theEndOfALongLabelIsKept() {
    Summary.Run run = TwoMethods.run("a label that is much longer than a column", "cow", 7, 6);
    assertThat(rows(summary(run)))
        .contains(
            "...much longer than a column, open set 7.3 [6.3, 9.3] | 27.3 [26.3, 29.3]"
                + " | 47.3 [46.3, 49.3] | 67.3 [66.3, 69.3]");
  }

  private static Summary.Model counted(Quantity... quantities) {
    return new Summary.Model("print", null, null, List.of(), null, null, List.of(quantities), null);
  }

  private static Summary.Run counted(String suite, @Nullable String concept, int samples) {
    return counted(suite, concept, samples, List.of("2"));
  }

  private static Summary.Run counted(
      String suite, @Nullable String concept, int samples, List<String> published) {
    return new Summary.Run(
        suite,
        "Quick",
        concept,
        null,
        samples,
        published,
        counted(
            new Quantity("total_detections", 12, 9.0, 16.0),
            new Quantity("clip_score", 30.25, 29.125, 31.5)),
        counted(new Quantity("total_detections", 90, 80.0, 99.0), number("fid", 13.75)));
  }

  private static Quantity number(String name, double value) {
    return new Quantity(name, value, null, null);
  }

  @Test
  void numbersStandByNameAndTableTwoBelowThoseOfTheExplicit() {
    assertThat(rows(summary(counted("explicit", null, 1))))
        .startsWith(
            "",
            "explicit: Quick, 1 image of each prompt",
            "total_detections | 12 [9, 16]",
            "clip_score | 30.25 [29.13, 31.50]",
            "original, total_detections | 90 [80, 99]",
            "original, fid | 13.75",
            "published on SD v1.4: MACE | total_detections 111",
            "published on SD v1.4: RealEra | total_detections 93",
            "published on SD v1.4: SD v1.4 | total_detections 743");
    assertThat(rows(summary(counted("mine", null, 1))))
        .contains("published on SD v1.4: SD v1.4 | total_detections 743");
    assertThat(rows(summary(counted("explicit", null, 2, List.of()))))
        .contains("explicit: Quick, 2 images of each prompt")
        .noneMatch(row -> row.startsWith("published"));
    Summary.Run scores =
        new Summary.Run(
            "coco", "Quick", null, null, 2, List.of("2"), counted(number("fid", 13.75)), null);
    assertThat(rows(summary(scores)))
        .contains("coco: Quick, 2 images of each prompt")
        .noneMatch(row -> row.startsWith("published"));
  }

  @Test
  void aSurveySaysWhatItsFiguresAreOf() {
    Summary.Run run =
        new Summary.Run("suite", "Quick", null, null, 4, List.of(), TwoMethods.model(7), null);
    assertThat(rows(summary(run)))
        .contains(
            "suite: survey of all concepts (Acc_s) and synonyms (Acc_g), 4 images of each prompt")
        .noneMatch(row -> row.startsWith("original") || row.startsWith("published"));
  }

  @Test
  void aResultSaysHowManyImagesAreNewAndWhatAShardNeeds() {
    Said said = new Said();
    EvalPrinter printer = new EvalPrinter(said.console(), false);
    printer.result(new EvalResult(OUT, new Shard(2, 3), null, null, 3, 4, 1.25));
    assertThat(said.notes()).isEqualToIgnoringNewLines("realera: 7 images, 3 drawn now, 1.3 s");
    assertThat(said.rows())
        .containsExactly(
            "shard 2/3 is complete in out", "When all are: realera eval report DIR... --out DIR");
    said = new Said();
    new EvalPrinter(said.console(), false).campaign(null, new Shard(1, 2), OUT);
    assertThat(said.rows())
        .containsExactly(
            "shard 1/2 is complete in out",
            "When all are: realera eval report DIR/runs/*... --out DIR");
    said = new Said();
    Summary summary = summary(TwoMethods.cat());
    new EvalPrinter(said.console(), false)
        .result(new EvalResult(OUT, Shard.WHOLE, summary, null, 1, 0, 0.5));
    assertThat(said.notes()).isEqualToIgnoringNewLines("realera: 1 image, 1 drawn now, 0.5 s");
    assertThat(said.rows()).isEqualTo(rows(summary));
  }

  @Test
  void whatComparesMethodsIsPrintedByMethod() {
    Said said = new Said();
    new EvalPrinter(said.console(), false)
        .findings(
            new EvalReport.Findings(TwoMethods.summary(), TwoMethods.comparison(), List.of()), OUT);
    assertThat(said.rows()).anyMatch(row -> row.startsWith("Thorough | 3.3"));
    said = new Said();
    new EvalPrinter(said.console(), true)
        .findings(
            new EvalReport.Findings(TwoMethods.summary(), TwoMethods.comparison(), List.of()), OUT);
    assertThat(said.rows().get(1)).contains("realera-eval-methods/1");
    said = new Said();
    new EvalPrinter(said.console(), true)
        .findings(new EvalReport.Findings(TwoMethods.summary(), null, List.of()), OUT);
    assertThat(said.rows().get(1)).contains("realera-eval-summary/1");
  }

  @Test
  void whatHindersAComparisonIsSaidToWhoSeesNoPage() {
    Said said = new Said();
    new EvalPrinter(said.console(), true)
        .findings(new EvalReport.Findings(TwoMethods.summary(), null, List.of("Not alike.")), OUT);
    assertThat(said.notes()).isEqualToIgnoringNewLines("realera: Not alike.");
  }

  @Test
  void scoresStandALineEachBelowTheirName() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("pictures", 4);
    figures.put("cat", new LinkedHashMap<>(Map.of("accuracy", 0.25)));
    Said said = new Said();
    new EvalPrinter(said.console(), false).scores(figures);
    assertThat(said.rows()).containsExactly("pictures 4", "cat", "  accuracy 0.25");
  }
}
