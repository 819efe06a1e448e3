package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Metrics;
import org.realera.report.EvalPage;
import org.realera.report.PageRows;

class HeatMapTest {
  private static final EvalPage.Overview NOTHING =
      new EvalPage.Overview(List.of(), List.of(), List.of());

  @Test
  void theBestCellIsTheDarkestAndMissingOnesSaySo() {
    HeatMap map =
        new HeatMap(
            "M and N",
            "M",
            List.of("5", "20"),
            "N",
            List.of("50", "200"),
            List.of(
                Arrays.asList(figures(10, 60, 30), figures(5, 95, 8)),
                Arrays.asList(null, figures(0, 40, 2))));
    EvalPage page = new EvalPage("t", NOTHING, List.of(map.table()), List.of(), List.of(), true);
    assertThat(page.html())
        .contains("--h: 0.62\">90.0<small>Acc<sub>g</sub> 8.0")
        .contains("--h: 0.08\">40.0")
        .contains("--h: 0.19\">50.0") // a fifth of the way
        .contains("can't be met")
        .contains("M ↓, N →");
    assertThat(PageRows.of(page.html()))
        .containsExactly(
            "M ↓, N → | 50 | 200",
            "5 | 50.0 (Accg 30.0) | 90.0 (Accg 8.0)",
            "20 | – (can't be met) | 40.0 (Accg 2.0)");
  }

  private static Figures figures(double e, double s, double g) {
    return new Figures(at(e), at(s), at(g), at(Metrics.harmonic(e, s, g)));
  }

  private static Interval at(double value) {
    return new Interval(value, value, value);
  }
}
