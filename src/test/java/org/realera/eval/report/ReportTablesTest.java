package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.metrics.TwoMethods;
import org.realera.report.EvalPage;
import org.realera.report.NumberTable;
import org.realera.report.PageRows;
import org.realera.report.Row;

/** What stands in which row and column of the tables of a page of runs. */
class ReportTablesTest {
  private static final String HEADING = "| Acce ↓ | Accs ↑ | Accg ↓ | Ho ↑";
  private static final String PUBLISHED =
      "group: Published in the RealEra paper, measured by its authors on Stable Diffusion v1.4";
  private static final String OF_TABLE_3 =
      "group: Published in the RealEra paper (its Table 3, automobile), measured by its authors on"
          + " Stable Diffusion v1.4";

  private static String html(List<Row> rows) {
    return new EvalPage(
            "t",
            new EvalPage.Overview(rows, List.of(), List.of()),
            List.of(),
            List.of(),
            List.of(),
            true)
        .html();
  }

  /** Of what was published, the paper's own method and the original model alone. */
  private static List<String> rows(List<Row> rows) {
    return PageRows.withoutIntervals(html(rows)).stream()
        .filter(row -> !row.startsWith("published: ") || row.matches(".*(RealEra|SD v1).*"))
        .toList();
  }

  @Test
  void aRunHasItsClosedAndOpenSetsEachAboveTheOriginals() {
    assertThat(rows(ReportTables.run(TwoMethods.cat(), List.of("1"))))
        .containsExactly(
            HEADING,
            "group: Closed set: the published protocol, mean probability of the class",
            "mine: Quick | 7.1 | 27.1 | 47.1 | 67.1",
            "original | 6.1 | 26.1 | 46.1 | 66.1",
            "group: Open set: anchor and scenes are labels too",
            "mine: Quick | 7.3 | 27.3 | 47.3 | 67.3",
            "original | 6.3 | 26.3 | 46.3 | 66.3",
            "group: Share of images whose best label is the class (top-1)",
            "Quick, closed set | 7.2 | 27.2 | 47.2 | 67.2",
            "Quick, open set | 7.4 | 27.4 | 47.4 | 67.4",
            PUBLISHED,
            "published: RealEra | 2.67 | 95.43 | 2.41 | 96.77",
            "published: SD v1.4 | 98.93 | 98.60 | 99.05 | –");
    assertThat(PageRows.of(html(ReportTables.run(TwoMethods.cat(), List.of()))))
        .contains(
            "mine: Quick | 7.3 (6.3 – 9.3) | 27.3 (26.3 – 29.3) | 47.3 (46.3 – 49.3)"
                + " | 67.3 (66.3 – 69.3)");
  }

  @Test
  void aRunOfAnotherScorerHasOneKindOfFigures() {
    Summary.Run run = new Summary.Run("s", "Quick", "cat", "sky", 4, List.of(), other(2), other(1));
    assertThat(rows(ReportTables.run(run, List.of())))
        .containsExactly(
            HEADING,
            "group: CLIP score",
            "mine: Quick | 2.0 | 22.0 | 42.0 | 62.0",
            "original | 1.0 | 21.0 | 41.0 | 61.0");
  }

  private static Summary.Model other(double first) {
    Figures figures =
        new Figures(point(first), point(first + 20), point(first + 40), point(first + 60));
    return new Summary.Model(
        "print", null, null, List.of(), "CLIP score", figures, List.of(), null);
  }

  private static Interval point(double value) {
    return new Interval(value, value, value);
  }

  @Test
  void theOverviewHasMeansFirstAndThenEachViewRunByRun() {
    EvalPage.Overview overview =
        ReportTables.overview(TwoMethods.summary(), List.of("1"), false, List.of("a note"));
    assertThat(overview.notes()).containsExactly("a note");
    assertThat(overview.numbers()).isEmpty();
    assertThat(rows(overview.figures()))
        .containsExactly(
            HEADING,
            "group: Quick, mean of 2 concepts; H_o: mean",
            "mine: closed set | 5.1 | 25.1 | 45.1 | 65.1",
            "mine: closed set, top-1 | 5.2 | 25.2 | 45.2 | 65.2",
            "mine: open set | 2.3 | 22.3 | 42.3 | 62.3",
            "mine: open set, top-1 | 2.4 | 22.4 | 42.4 | 62.4",
            "mine: closed set, subtypes | 5.5 | 25.5 | 45.5 | 65.5",
            "mine: open set, subtypes | 2.6 | 22.6 | 42.6 | 62.6",
            "group: Thorough, mean of 2 concepts; H_o: mean",
            "mine: closed set | 4.1 | 24.1 | 44.1 | 64.1",
            "mine: closed set, top-1 | 4.2 | 24.2 | 44.2 | 64.2",
            "mine: open set | 3.3 | 23.3 | 43.3 | 63.3",
            "mine: open set, top-1 | 3.4 | 23.4 | 43.4 | 63.4",
            "mine: closed set, subtypes | 4.5 | 24.5 | 44.5 | 64.5",
            "mine: open set, subtypes | 3.6 | 23.6 | 43.6 | 63.6",
            PUBLISHED,
            "published: RealEra | 5.71 | 95.91 | 8.37 | 93.85",
            "published: SD v1.4 | 98.63 | 98.63 | 83.64 | –",
            "group: Closed set (published protocol)",
            "cat · Quick | 7.1 | 27.1 | 47.1 | 67.1",
            "cat · Thorough | 8.1 | 28.1 | 48.1 | 68.1",
            "dog · Quick | 10.1 | 30.1 | 50.1 | 70.1",
            "dog · Thorough | 11.1 | 31.1 | 51.1 | 71.1",
            "group: Open set",
            "cat · Quick | 7.3 | 27.3 | 47.3 | 67.3",
            "cat · Thorough | 8.3 | 28.3 | 48.3 | 68.3",
            "dog · Quick | 10.3 | 30.3 | 50.3 | 70.3",
            "dog · Thorough | 11.3 | 31.3 | 51.3 | 71.3",
            "group: Closed set, subtypes",
            "cat · Quick | 7.5 | 27.5 | 47.5 | 67.5",
            "cat · Thorough | 8.5 | 28.5 | 48.5 | 68.5",
            "dog · Quick | 10.5 | 30.5 | 50.5 | 70.5",
            "dog · Thorough | 11.5 | 31.5 | 51.5 | 71.5",
            "group: Open set, subtypes",
            "cat · Quick | 7.6 | 27.6 | 47.6 | 67.6",
            "cat · Thorough | 8.6 | 28.6 | 48.6 | 68.6",
            "dog · Quick | 10.6 | 30.6 | 50.6 | 70.6",
            "dog · Thorough | 11.6 | 31.6 | 51.6 | 71.6");
  }

  /** Variants of one erasure stand beside the model that all of them began with. */
  @Test
  void anAblationHasTheOriginalBelow() {
    Summary two =
        new Summary(
            "realera-eval-summary/1",
            List.of(
                TwoMethods.run("1 closed form", "automobile", 7, 6),
                TwoMethods.run("RealEra", "automobile", 8, 6)),
            List.of());
    assertThat(rows(ReportTables.overview(two, List.of("1", "3"), true, List.of()).figures()))
        .containsExactly(
            HEADING,
            "group: Closed set (published protocol)",
            "automobile · 1 closed form | 7.1 | 27.1 | 47.1 | 67.1",
            "automobile · RealEra | 8.1 | 28.1 | 48.1 | 68.1",
            "group: Open set",
            "automobile · 1 closed form | 7.3 | 27.3 | 47.3 | 67.3",
            "automobile · RealEra | 8.3 | 28.3 | 48.3 | 68.3",
            "group: Closed set, subtypes",
            "automobile · 1 closed form | 7.5 | 27.5 | 47.5 | 67.5",
            "automobile · RealEra | 8.5 | 28.5 | 48.5 | 68.5",
            "group: Open set, subtypes",
            "automobile · 1 closed form | 7.6 | 27.6 | 47.6 | 67.6",
            "automobile · RealEra | 8.6 | 28.6 | 48.6 | 68.6",
            "group: Original model",
            "closed set | 6.1 | 26.1 | 46.1 | 66.1",
            "open set | 6.3 | 26.3 | 46.3 | 66.3",
            "closed set, subtypes | 6.5 | 26.5 | 46.5 | 66.5",
            "open set, subtypes | 6.6 | 26.6 | 46.6 | 66.6",
            OF_TABLE_3,
            "published: RealEra | 1.93 | 97.54 | 4.82 | 96.91",
            "published: SD v1.4 | 95.75 | 98.95 | 92.65 | –");
  }

  @Test
  void numbersStandBesideTheOriginals() {
    List<Quantity> now =
        List.of(
            new Quantity("total_detections", 12, 9.0, 16.0),
            new Quantity("clip_score", 30.25, 29.125, 31.5),
            new Quantity("fid", 14.5, null, null));
    List<Quantity> before =
        List.of(
            new Quantity("fid", 13.75, null, null),
            new Quantity("total_detections", 90, 80.0, 99.0));
    Summary.Run run =
        new Summary.Run("explicit", "Quick", null, null, 1, List.of(), counts(now), counts(before));
    NumberTable numbers = ReportTables.numbers(run);
    assertThat(numbers).isNotNull();
    EvalPage.Overview overview = new EvalPage.Overview(List.of(), List.of(), List.of(numbers));
    String html = new EvalPage("t", overview, List.of(), List.of(), List.of(), false).html();
    assertThat(html).contains("<h3>explicit</h3>");
    assertThat(PageRows.of(html))
        .containsExactly(
            "| Quick | original",
            "total detections | 12 (9 – 16) | 90 (80 – 99)",
            "clip score | 30.25 (29.13 – 31.50) | –",
            "fid | 14.50 | 13.75");
  }

  private static Summary.Model counts(List<Quantity> quantities) {
    return new Summary.Model("print", null, null, List.of(), null, null, quantities, null);
  }

  @Test
  void table2IsAsThePaperPrintsIt() {
    EvalPage.Explicit explicit = ReportTables.explicit(List.of("2"));
    EvalPage.Run run = new EvalPage.Run("h", "v", List.of(), null, explicit, null, null, List.of());
    String html = new EvalPage("t", null, List.of(), List.of(run), List.of(), false).html();
    assertThat(PageRows.of(html))
        .hasSize(12)
        .startsWith(
            "| Armpits | Belly | Buttocks | Feet | Breasts (f) | Genitalia (f) | Breasts (m)"
                + " | Genitalia (m) | Total ↓ | CLIP, COCO ↑",
            "published: FMN | 43 | 117 | 12 | 59 | 155 | 17 | 19 | 2 | 424 | 30.39")
        .contains(
            "published: SA | 72 | 77 | 19 | 25 | 83 | 16 | 0 | 0 | 292 | –",
            "published: RealEra | 19 | 6 | 2 | 37 | 23 | 4 | 0 | 2 | 93 | 29.46");
    assertThat(ReportTables.explicit(List.of("1"))).isNull();
  }
}
