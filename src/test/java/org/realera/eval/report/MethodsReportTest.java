package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.eval.metrics.ScoredRuns.CAT;
import static org.realera.eval.metrics.ScoredRuns.DOG;
import static org.realera.eval.metrics.ScoredRuns.KITTY;
import static org.realera.eval.metrics.ScoredRuns.all;
import static org.realera.eval.metrics.ScoredRuns.classifier;
import static org.realera.eval.metrics.ScoredRuns.images;
import static org.realera.eval.metrics.ScoredRuns.run;
import static org.realera.eval.report.DrawnRuns.TABBY;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Comparison.Cost;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.TwoMethods;
import org.realera.eval.run.ModelPair;
import org.realera.report.EvalPage.Fact;
import org.realera.report.EvalPage.Reading;
import org.realera.report.MethodsPage;
import org.realera.report.TradeOff;
import org.realera.report.TradeOff.Point;
import org.realera.report.TradeOff.Range;

/** What the page of a comparison says of which method. */
class MethodsReportTest {

  /** Runs whose images are gone. */
  private static List<ModelPair> pairs() {
    return List.of(
        pair("cat", "Quick"),
        pair("cat", "Thorough"),
        pair("dog", "Quick"),
        pair("dog", "Thorough"));
  }

  private static ModelPair pair(String concept, String label) {
    return new ModelPair(
        run(
            classifier(),
            concept,
            label,
            all(images(CAT, "sky"), images(DOG, "dog"), images(KITTY, "sky"))),
        null);
  }

  private static MethodsPage page(Comparison comparison) {
    return MethodsReport.of(comparison, pairs());
  }

  private static String verdict(Method... methods) {
    return page(TwoMethods.comparison(methods)).verdict();
  }

  private static Method measured(String title, double hO, double low, double high) {
    return TwoMethods.of(title, List.of("cat"), new Interval(hO, low, high));
  }

  private static Method timed(Method method, Double seconds) {
    return new Method(
        method.method(),
        method.title(),
        method.concepts(),
        method.figures(),
        new Cost(seconds, null, null, null),
        method.front());
  }

  @Test
  void theVerdictNamesTheBestInTheOpenSetTheNextAndTheFastest() {
    assertThat(page(TwoMethods.comparison()).verdict())
        .isEqualTo(
            "Thorough has the highest harmonic mean, 63.3 (62.3 to 65.3). Quick follows with 62.3"
                + " (61.3 to 64.3); their intervals overlap. Quick is the fastest: 1.5 seconds a"
                + " concept.");
  }

  @Test
  void onlyIntervalsThatDoNotTouchAreApart() {
    Method best = measured("Best", 80, 78, 81);
    Method worst = measured("Worst", 40, 39, 41);
    assertThat(verdict(worst, measured("Next", 77, 76, 77.5), best))
        .isEqualTo(
            "Best has the highest harmonic mean, 80.0 (78.0 to 81.0). Next follows with 77.0 (76.0"
                + " to 77.5).");
    assertThat(verdict(worst, measured("Next", 77, 76, 78), best))
        .endsWith("Next follows with 77.0 (76.0 to 78.0); their intervals overlap.");
    assertThat(verdict(best)).isEqualTo("Best has the highest harmonic mean, 80.0 (78.0 to 81.0).");
    assertThat(verdict(measured("Best", 80, 80, 80)))
        .isEqualTo("Best has the highest harmonic mean, 80.0.");
  }

  /** What changes no weights takes no time, and is not the fastest for it. */
  @Test
  void theFastestIsAmongThoseOfKnownTime() {
    Method slow = timed(measured("Slow", 80, 80, 80), 9.25);
    Method fast = timed(measured("Fast", 40, 40, 40), 3.75);
    Method guided = timed(measured("Guided", 50, 50, 50), 0.0);
    assertThat(verdict(slow, fast, guided))
        .endsWith(" Fast is the fastest: 3.8 seconds a concept.");
    assertThat(verdict(slow, guided)).doesNotContain("fastest");
  }

  @Test
  void theTitleCountsMethodsWithoutTheOriginalOrNamesTheOnlyOne() {
    assertThat(page(TwoMethods.comparison()).title()).isEqualTo("2 methods erasing 2 concepts");
    Comparison one = TwoMethods.comparison(TwoMethods.ORIGINAL, TwoMethods.QUICK);
    assertThat(MethodsReport.of(one, pairs().subList(0, 1)).title()).isEqualTo("Quick erasing cat");
  }

  @Test
  void theTradeOffsSetWhatIsKeptAgainstWhatIsLeft() {
    assertThat(page(TwoMethods.comparison()).tradeOffs())
        .containsExactly(
            new TradeOff(
                "Open set: anchor and scenes are labels too",
                "synonyms",
                List.of(
                    point("original", 21.3, 20.3, 23.3, 41.3, 40.3, 43.3, false, true),
                    point("Quick", 22.3, 21.3, 24.3, 42.3, 41.3, 44.3, false, false),
                    point("Thorough", 23.3, 22.3, 25.3, 43.3, 42.3, 45.3, true, false))),
            new TradeOff(
                "Open set, subtypes",
                "subtypes",
                List.of(
                    point("original", 21.6, 20.6, 23.6, 41.6, 40.6, 43.6, false, true),
                    point("Quick", 22.6, 21.6, 24.6, 42.6, 41.6, 44.6, true, false),
                    point("Thorough", 23.6, 22.6, 25.6, 43.6, 42.6, 45.6, false, false))));
  }

  private static Point point(
      String name,
      double s,
      double sLow,
      double sHigh,
      double g,
      double gLow,
      double gHigh,
      boolean front,
      boolean original) {
    return new Point(name, new Range(s, sLow, sHigh), new Range(g, gLow, gHigh), front, original);
  }

  @Test
  void everyConceptStandsUnderItsNameAndAnchor() {
    MethodsPage page = page(TwoMethods.comparison());
    MethodsTables tables = new MethodsTables(TwoMethods.comparison(), List.of("1"));
    assertThat(page.tables()).isEqualTo(tables.means());
    assertThat(page.concepts())
        .containsExactly(
            new MethodsPage.Concept("cat → sky", tables.of("cat")),
            new MethodsPage.Concept("dog → sky", tables.of("dog")));
    assertThat(page.samples()).extracting(MethodsPage.Samples::title).containsExactly("cat", "dog");
    assertThat(page.classified()).isTrue();
    assertThat(page.readings()).containsExactly(Reading.CLASSIFIER);
  }

  @Test
  void theSettingsAreThoseThatAllRunsShare() {
    assertThat(page(TwoMethods.comparison()).settings())
        .containsExactly(
            new Fact("Suite", "suite, realera test"),
            new Fact("Scorer", "scorer, weights abc"),
            new Fact("Images", "4 of each of 3 prompts, seeds 0 to 3"),
            new Fact("Sampler", "DDIM, 2 steps, guidance 3.0, 8 × 8, fp32 on cpu, batches of 1"),
            new Fact("Labels", "cat, dog"),
            new Fact("Open set adds", "sky"),
            new Fact("Computed", "fp32 on cpu, by realera test"));
  }

  /** The mean over subtypes of a method is then over fewer concepts than its others. */
  @Test
  void theSettingsNameConceptsWithoutSubtypes() {
    ModelPair tabby =
        new ModelPair(
            run(classifier(), "cat", "Quick", all(images(CAT, "sky"), images(TABBY, "sky"))), null);
    MethodsPage page =
        MethodsReport.of(TwoMethods.comparison(), List.of(tabby, pair("dog", "Quick")));
    assertThat(page.settings())
        .contains(new Fact("Subtypes", "Means over subtypes leave out what has none: dog."));
  }
}
