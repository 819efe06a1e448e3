package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.realera.report.Shapes.Shape;

/** Where the losses of an alignment lie in its drawing. */
class LossCurveTest {
  private static final Offset<Double> NEAR = offset(0.11);

  private static Shapes drawing(List<Double> losses) {
    return Shapes.of(LossCurve.svg(losses).toString());
  }

  /** A point of the drawing. */
  private record Spot(double x, double y) {}

  private static List<Spot> dots(Shapes drawn, String style) {
    return drawn.all("circle").stream()
        .filter(circle -> circle.group().equals(style))
        .map(circle -> new Spot(circle.at("cx"), circle.at("cy")))
        .toList();
  }

  private static List<Spot> line(Shapes drawn, String style) {
    Shape line =
        drawn.all("polyline").stream()
            .filter(one -> one.group().equals(style))
            .findFirst()
            .orElseThrow();
    return Stream.of(line.get("points").split(" "))
        .map(point -> point.split(","))
        .map(point -> new Spot(Double.parseDouble(point[0]), Double.parseDouble(point[1])))
        .toList();
  }

  /** The place of a number below the drawing. */
  private static double step(Shapes drawn, String number) {
    return text(drawn, "middle", number).at("x");
  }

  /** The line of the grid that a number stands left of. */
  private static double height(Shapes drawn, String number) {
    double y = text(drawn, "end", number).at("y") - 4;
    assertThat(drawn.all("line", "grid"))
        .anyMatch(line -> line.at("y1") == y && line.at("y2") == y);
    return y;
  }

  private static Shape text(Shapes drawn, String anchor, String words) {
    return drawn.all("text").stream()
        .filter(text -> anchor.equals(text.attributes().get("text-anchor")))
        .filter(text -> text.text().equals(words))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyStepHasADotAtItsNumberAndItsLoss() {
    Shapes drawn = drawing(List.of(0.8, 0.2, 0.6, 0.4, 0.2));
    assertThat(dots(drawn, "odd"))
        .containsExactly(
            new Spot(step(drawn, "step 1"), height(drawn, "0.8")),
            new Spot(step(drawn, "3"), height(drawn, "0.6")),
            new Spot(step(drawn, "5"), height(drawn, "0.2")));
    assertThat(dots(drawn, "even"))
        .containsExactly(
            new Spot(step(drawn, "2"), height(drawn, "0.2")),
            new Spot(step(drawn, "4"), height(drawn, "0.4")));
    assertThat(drawn.all("circle")).hasSize(5);
    // so few steps have nothing to take a mean over
    assertThat(line(drawn, "odd")).isEqualTo(dots(drawn, "odd"));
    assertThat(line(drawn, "even")).isEqualTo(dots(drawn, "even"));
    assertThat(drawn.all("svg").get(0).get("aria-label")).isEqualTo("Loss of each of 5 steps");
  }

  @Test
  void stepsGoToTheRightAndLossesUpwards() {
    Shapes drawn = drawing(List.of(0.8, 0.2, 0.6, 0.4, 0.2));
    assertThat(step(drawn, "step 1")).isEqualTo(64);
    assertThat(step(drawn, "3")).isEqualTo(366);
    assertThat(step(drawn, "5")).isEqualTo(668);
    assertThat(height(drawn, "0.8")).isEqualTo(14);
    assertThat(height(drawn, "0.4")).isEqualTo(130);
    assertThat(height(drawn, "0")).isEqualTo(246);
  }

  @Test
  void eachKindOfStepHasItsOwnNameAtTheEndOfItsLine() {
    Shapes drawn = drawing(List.of(0.8, 0.2, 0.6, 0.4));
    for (String style : List.of("odd", "even")) {
      Shape name = drawn.one("text", style + " steps");
      assertThat(name.group()).isEqualTo(style);
      Spot end = line(drawn, style).get(1);
      assertThat(name.at("x")).isGreaterThanOrEqualTo(668);
      assertThat(name.at("y")).isCloseTo(end.y() + 4, NEAR);
    }
  }

  /** Of 100 steps over the last five of a kind: 0.4 and 0.8 in turn are 0.64 or 0.56. */
  @Test
  void theLineIsTheMeanOverTheLastTwentieth() {
    List<Double> losses =
        IntStream.range(0, 100).mapToObj(i -> i % 2 == 1 ? 0.2 : i % 4 == 0 ? 0.8 : 0.4).toList();
    Shapes drawn = drawing(losses);
    double top = height(drawn, "0.8");
    double bottom = height(drawn, "0");
    List<Spot> odd = line(drawn, "odd");
    assertThat(odd).hasSize(50);
    List<Double> expected = List.of(0.8, 0.6, 2 / 3.0, 0.6, 0.64, 0.56, 0.64, 0.56);
    for (int i = 0; i < expected.size(); i++) {
      double loss = (bottom - odd.get(i).y()) / (bottom - top) * 0.8;
      assertThat(loss).isCloseTo(expected.get(i), offset(0.001));
      assertThat(odd.get(i).x()).isEqualTo(dots(drawn, "odd").get(i).x());
    }
    assertThat(line(drawn, "even"))
        .allSatisfy(spot -> assertThat(spot.y()).isCloseTo(height(drawn, "0.2"), NEAR));
  }

  @Test
  void aSingleStepStandsInTheMiddle() {
    Shapes drawn = drawing(List.of(0.8));
    assertThat(dots(drawn, "odd")).containsExactly(new Spot(366, 14));
    assertThat(step(drawn, "step 1")).isEqualTo(366);
    assertThat(dots(drawn, "even")).isEmpty();
  }
}
