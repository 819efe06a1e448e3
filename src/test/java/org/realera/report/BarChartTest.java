package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.realera.report.Shapes.Shape;

/** How long bars are, and where their intervals lie. */
class BarChartTest {
  private static Shapes drawing(double value, @Nullable Double before) {
    BarChart.Bar bar = new BarChart.Bar("a-cat", "kept", value, 30, 55, before);
    return Shapes.of(String.valueOf(bar.drawing()));
  }

  @Test
  void aBarIsAsLongAsItsFigureAndTheGreyOneAsTheOriginals() {
    Shapes drawn = drawing(40, 90.0);
    assertThat(drawn.all("rect")).extracting(Shape::style).containsExactly("before", "kept");
    Shape before = drawn.all("rect").get(0);
    Shape bar = drawn.all("rect").get(1);
    assertThat(before.at("width")).isEqualTo(90);
    assertThat(bar.at("width")).isEqualTo(40);
    assertThat(before.at("x")).isZero();
    assertThat(bar.at("x")).isZero();
    // below it, and both in the drawing
    assertThat(before.at("y")).isNotNegative();
    assertThat(bar.at("y")).isGreaterThan(before.at("y") + before.at("height"));
    assertThat(bar.at("y") + bar.at("height")).isLessThanOrEqualTo(10);
    assertThat(bar.at("height")).isGreaterThan(before.at("height"));
  }

  @Test
  void withoutTheOriginalThereIsOneBar() {
    Shapes drawn = drawing(40, null);
    assertThat(drawn.all("rect")).extracting(Shape::style).containsExactly("kept");
    assertThat(drawn.all("rect").get(0).at("width")).isEqualTo(40);
    assertInterval(drawn);
  }

  @Test
  void theIntervalLiesAcrossItsOwnBar() {
    assertInterval(drawing(40, 90.0));
  }

  private static void assertInterval(Shapes drawn) {
    Shape bar = drawn.all("rect", "kept").get(0);
    assertThat(drawn.all("line", "whisker")).hasSize(1);
    Shape whisker = drawn.all("line", "whisker").get(0);
    assertThat(whisker.at("x1")).isEqualTo(30);
    assertThat(whisker.at("x2")).isEqualTo(55);
    assertThat(whisker.at("y1")).isEqualTo(bar.at("y") + bar.at("height") / 2);
    assertThat(whisker.at("y2")).isEqualTo(whisker.at("y1"));
  }

  /** All bars of a page have this scale. */
  @Test
  void theScaleGoesFrom0To100Percent() {
    Shapes drawn = drawing(40, 90.0);
    assertThat(drawn.all("svg").get(0).get("viewBox")).isEqualTo("0 0 100 10");
    List<Shape> grid = drawn.all("line", "grid");
    assertThat(grid)
        .extracting(line -> line.at("x1"))
        .containsExactly(0.0, 25.0, 50.0, 75.0, 100.0);
    assertThat(grid).allSatisfy(line -> assertThat(line.at("x2")).isEqualTo(line.at("x1")));
  }

  @Test
  void nothingLeftIsAStrokeThatCanBeSeen() {
    assertThat(drawing(0, 90.0).all("rect", "kept").get(0).at("width")).isEqualTo(0.2);
  }

  @Test
  void thoseWhoDoNotSeeItAreToldTheSame() {
    assertThat(drawing(40, 90.0).all("svg").get(0).get("aria-label"))
        .isEqualTo("a-cat: 90.0 → 40.0 percent, interval 30.0 to 55.0");
  }
}
