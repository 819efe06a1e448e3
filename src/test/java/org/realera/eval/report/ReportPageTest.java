package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Metrics;
import org.realera.eval.metrics.Summary;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.report.BarChart;
import org.realera.report.BarChart.Group;
import org.realera.report.Cell;
import org.realera.report.EvalPage;

class ReportPageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2|97|5|“cat” is gone (2.0 % left), its synonyms are gone (5.0 %), the other concepts are"
            + " kept (97.0 %)",
        "2|80|40|“cat” is gone (2.0 % left), its synonyms are partly gone (40.0 %), the other"
            + " concepts are damaged (80.0 %)",
        "90|30|88|“cat” is still there (90.0 % left), its synonyms are still there (88.0 %), the"
            + " other concepts are badly damaged (30.0 %)"
      })
  void theVerdictSaysWhatTheFiguresMean(double e, double s, double g, String verdict) {
    assertThat(Headline.of(run("cat", e, s, g))).startsWith(verdict).contains("H_o");
  }

  @Test
  void whatTheOriginalCouldNotDoIsNotHeldAgainstTheErasure() {
    Summary.Run before = run("cat", 99, 57, 90);
    Summary.Run after = run("cat", 0, 52, 0);
    Summary.Run both =
        new Summary.Run("s", "l", "cat", "sky", 4, List.of(), after.model(), before.model());
    assertThat(Headline.of(both)).contains("the other concepts are kept (52.0 %, before 57.0 %)");
    assertThat(Headline.of(after)).contains("badly damaged (52.0 %)");
  }

  /** A suite without synonyms: what is left of the concept is said all the same. */
  @Test
  void theVerdictOfAnErasureNeedsNoSynonyms() {
    Figures figures = new Figures(interval(97), interval(95.9), null, null);
    Summary.Both both = new Summary.Both(figures, figures);
    Summary.Model model = new Summary.Model("abc", both, both, List.of(), null, null, null, null);
    assertThat(Headline.of(new Summary.Run("s", "l", "cat", "sky", 4, List.of(), model, null)))
        .isEqualTo("“cat” is still there (97.0 % left), the other concepts are kept (95.9 %).");
  }

  @Test
  void aSurveyHasItsOwnVerdict() {
    assertThat(Headline.of(run(null, 0, 96, 87)))
        .isEqualTo("The model draws its concepts at 96.0 % accuracy, its synonyms at 87.0 %.");
  }

  @Test
  void barsCarryTheirFiguresForThoseWhoDoNotSeeThem() {
    assertThat(html(run("cat", 2, 97, 5)))
        .contains("aria-label=\"cat: 2.0 percent, interval 1.0 to 3.0\"")
        .contains("<span class=\"n\">2.0</span>");
  }

  @Test
  void theBarsOfAllGroupsStandInOneGridSoThatTheirLengthsCompare() {
    Summary.Run one = run("cat", 2, 97, 5);
    Summary.Set cat = one.model().sets().get(0);
    Summary.Set kept =
        new Summary.Set(
            "automobile", Role.KEPT, cat.prompt(), "automobile", 4, cat.closed(), cat.open(), null);
    Summary.Model two =
        new Summary.Model(
            "abc",
            one.model().closed(),
            one.model().open(),
            List.of(cat, kept),
            null,
            null,
            null,
            null);
    String html = html(new Summary.Run("s", "l", "cat", "sky", 4, List.of(), two, null));
    html = html.substring(html.indexOf("<div"), html.indexOf("<h2>Settings"));
    assertThat(html).containsOnlyOnce("<div").contains("class=\"card bars\"");
    assertThat(html.split("<svg viewBox=\"0 0 100 10\"", -1)).hasSize(3);
  }

  @Test
  void barsAreOfTheOpenSetBesideTheOriginals() {
    Summary.Model now =
        withSets(
            set("cat", Role.ERASED, 2, 12),
            set("dog", Role.KEPT, 91, 81),
            set("kitty", Role.RELATED, 3, 13),
            set("tabby", Role.SUBTYPE, 4, 14),
            set("hound", Role.KEPT, 92, 82));
    Summary.Model before =
        withSets(
            set("hound", Role.KEPT, 97, 87),
            set("tabby", Role.SUBTYPE, 98, 88),
            set("kitty", Role.RELATED, 96, 86),
            set("dog", Role.KEPT, 95, 85));
    Summary.Run run = new Summary.Run("s", "l", "cat", "sky", 4, List.of(), now, before);
    assertThat(ReportBars.of(run))
        .isEqualTo(
            new BarChart(
                true,
                true,
                List.of(
                    new Group("Erased, low is good", "erased", List.of(bar("cat", "erased", 2))),
                    new Group(
                        "Synonyms, low is good",
                        "related",
                        List.of(bar("kitty", "related", 3, 96.0))),
                    new Group(
                        "Subtypes, low is good",
                        "subtype",
                        List.of(bar("tabby", "subtype", 4, 98.0))),
                    new Group(
                        "Kept, high is good",
                        "kept",
                        List.of(bar("dog", "kept", 91, 95.0), bar("hound", "kept", 92, 97.0))))));
    Summary.Run survey = new Summary.Run("s", "l", null, null, 4, List.of(), now, null);
    BarChart chart = ReportBars.of(survey);
    assertThat(chart).isNotNull();
    assertThat(chart.original()).isFalse();
    assertThat(chart.groups())
        .extracting(Group::title)
        .containsExactly("Erased, low is good", "Synonyms", "Subtypes", "Concepts");
  }

  private static BarChart.Bar bar(String name, String style, double value) {
    return bar(name, style, value, null);
  }

  private static BarChart.Bar bar(
      String name, String style, double value, @Nullable Double before) {
    return new BarChart.Bar(name, style, value, value - 1, value + 1, before);
  }

  private static Summary.Set set(String name, Role role, double open, double closed) {
    return new Summary.Set(
        name,
        role,
        "a " + name,
        "cat",
        4,
        new Summary.Accuracy(interval(closed), interval(50)),
        new Summary.Accuracy(interval(open), interval(60)),
        null);
  }

  private static Summary.Model withSets(Summary.Set... sets) {
    Summary.Both both = run("cat", 1, 2, 3).model().open();
    return new Summary.Model("abc", both, both, List.of(sets), null, null, null, null);
  }

  @Test
  void aBarsTextHasTheOriginalFirst() {
    BarChart.Bar bar = bar("a-tabby", "subtype", 4, 98.0);
    assertThat(bar.title()).isEqualTo("a tabby");
    assertThat(bar.text()).isEqualTo("98.0 → 4.0");
  }

  @Test
  void aPointIsNoInterval() {
    assertThat(ReportTables.cell(new Interval(72.9, 72.9, 72.9))).isEqualTo(Cell.of("72.9"));
    assertThat(ReportTables.cell(new Interval(72.9, 70, 75)).range()).isEqualTo("70.0 – 75.0");
  }

  /** A page with the bars of a run and nothing else. */
  private static String html(Summary.Run run) {
    EvalPage.Run bars =
        new EvalPage.Run("", "", List.of(), null, null, ReportBars.of(run), null, List.of());
    return new EvalPage("t", null, List.of(), List.of(bars), List.of(), true).html();
  }

  private static Summary.Run run(@Nullable String concept, double e, double s, double g) {
    Figures figures =
        concept == null
            ? new Figures(null, interval(s), interval(g), null)
            : new Figures(
                interval(e), interval(s), interval(g), interval(Metrics.harmonic(e, s, g)));
    Summary.Both both = new Summary.Both(figures, figures);
    Summary.Accuracy accuracy = new Summary.Accuracy(interval(e), interval(e));
    Summary.Set set =
        new Summary.Set(
            "cat", Role.ERASED, "a photo of the cat", "cat", 4, accuracy, accuracy, null);
    Summary.Model model =
        new Summary.Model("abc", both, both, List.of(set), null, null, null, null);
    return new Summary.Run("suite", "label", concept, "sky", 4, List.of(), model, null);
  }

  private static Interval interval(double value) {
    return new Interval(value, value - 1, value + 1);
  }
}
