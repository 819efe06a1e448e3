package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.realera.report.LabelPlaces.Box;
import org.realera.report.Shapes.Shape;
import org.realera.report.TradeOff.Point;
import org.realera.report.TradeOff.Range;

/** Where methods stand in the image of what is kept and what is left. */
class TradeOffChartTest {
  private static final TradeOff DATA =
      new TradeOff(
          "Open set",
          "synonyms",
          List.of(
              new Point("original", range(90), range(95), false, true),
              new Point("Keeps", range(80), range(40), true, false),
              new Point("Leaves", range(30), range(50), false, false),
              new Point("Erases", range(60), range(10), true, false)));

  private static Range range(double value) {
    return new Range(value, value - 2, value + 4);
  }

  /** The image on a page. */
  private static String svg() {
    MethodsPage.Table none = new MethodsPage.Table("t", false, List.of());
    MethodsPage page =
        new MethodsPage(
            "t",
            "v",
            List.of(none),
            List.of(DATA),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            true);
    String html = page.html();
    return html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + 6);
  }

  private record Dot(String style, double x, double y) {}

  /** By what stands over them when they are pointed at. */
  private static Map<String, Dot> dots() {
    Matcher circle =
        Pattern.compile(
                "<circle class=\"(\\w+)\" cx=\"([\\d.]+)\" cy=\"([\\d.]+)\"[^>]*><title>([^<]*)<")
            .matcher(svg());
    Map<String, Dot> dots = new LinkedHashMap<>();
    while (circle.find()) {
      double x = Double.parseDouble(circle.group(2));
      double y = Double.parseDouble(circle.group(3));
      dots.put(circle.group(4), new Dot(circle.group(1), x, y));
    }
    return dots;
  }

  private static Dot dot(String title) {
    return Objects.requireNonNull(dots().get(title), title);
  }

  @Test
  void whatIsKeptGoesToTheRightAndWhatIsLeftUpwards() {
    Dot keeps = dot("Keeps: Acc_s 80.0, Acc_g 40.0");
    Dot leaves = dot("Leaves: Acc_s 30.0, Acc_g 50.0");
    Dot erases = dot("Erases: Acc_s 60.0, Acc_g 10.0");
    assertThat(leaves.x()).isLessThan(erases.x());
    assertThat(erases.x()).isLessThan(keeps.x());
    assertThat(leaves.y()).isLessThan(keeps.y());
    assertThat(keeps.y()).isLessThan(erases.y());
    assertThat(svg())
        .contains("↑ Acc_g, synonyms: what is left, in percent")
        .contains("Acc_s, other concepts: what is kept, in percent →");
  }

  @Test
  void whomNoOtherBeatsAndTheOriginalLookDifferent() {
    assertThat(dots().values())
        .extracting(Dot::style)
        .containsExactly("original", "best", "other", "best");
    assertThat(svg()).contains("aria-label=\"Acc_s and Acc_g of 4 models: Open set\"");
  }

  /** Within the frame, 48 to 746 across and 26 to 396 down, and with little left over. */
  @Test
  void theAxesReachAsFarAsTheFigures() {
    assertThat(dot("Leaves: Acc_s 30.0, Acc_g 50.0").x()).isBetween(48.0, 150.0);
    assertThat(dot("original: Acc_s 90.0, Acc_g 95.0").x()).isBetween(600.0, 746.0);
    assertThat(dot("original: Acc_s 90.0, Acc_g 95.0").y()).isBetween(26.0, 80.0);
    assertThat(dot("Erases: Acc_s 60.0, Acc_g 10.0").y()).isBetween(340.0, 396.0);
  }

  /** 6 percent wide, 2 of it on the left and 2 below. */
  @Test
  void aCrossReachesFromLowToHigh() {
    Dot keeps = dot("Keeps: Acc_s 80.0, Acc_g 40.0");
    Dot original = dot("original: Acc_s 90.0, Acc_g 95.0");
    double across = (original.x() - keeps.x()) / 10;
    double up = (keeps.y() - original.y()) / 55;
    Matcher line =
        Pattern.compile(
                "<line class=\"cross\" x1=\"([\\d.]+)\" y1=\"([\\d.]+)\" x2=\"([\\d.]+)\""
                    + " y2=\"([\\d.]+)\"")
            .matcher(svg());
    double[][] lines =
        line.results()
            .map(
                one ->
                    IntStream.rangeClosed(1, 4)
                        .mapToDouble(i -> Double.parseDouble(one.group(i)))
                        .toArray())
            .toArray(double[][]::new);
    Offset<Double> half = offset(0.5);
    assertThat(lines).hasDimensions(8, 4);
    assertThat(lines[2][0]).isCloseTo(keeps.x() - 2 * across, half);
    assertThat(lines[2][1]).isCloseTo(keeps.y(), half);
    assertThat(lines[2][2]).isCloseTo(keeps.x() + 4 * across, half);
    assertThat(lines[3][0]).isCloseTo(keeps.x(), half);
    assertThat(lines[3][1]).isCloseTo(keeps.y() + 2 * up, half);
    assertThat(lines[3][3]).isCloseTo(keeps.y() - 4 * up, half);
  }

  /** A staircase from the left edge below the first to the top edge above the last. */
  @Test
  void theDashedLineGoesThroughThoseWhomNoOtherBeats() {
    Dot erases = dot("Erases: Acc_s 60.0, Acc_g 10.0");
    Dot keeps = dot("Keeps: Acc_s 80.0, Acc_g 40.0");
    assertThat(Shapes.of(svg()).all("polyline"))
        .extracting(Shape::style, line -> line.get("points"))
        .containsExactly(
            tuple(
                "front",
                String.join(
                    " ",
                    "48.0," + erases.y(),
                    erases.x() + "," + erases.y(),
                    erases.x() + "," + keeps.y(),
                    keeps.x() + "," + keeps.y(),
                    keeps.x() + ",26")));
  }

  @Test
  void whereNoneIsNamedAsUnbeatenThereIsNoLine() {
    TradeOff data =
        new TradeOff("t", "g", List.of(new Point("original", range(90), range(95), false, true)));
    assertThat(Shapes.of(data.chart().toString()).all("polyline")).isEmpty();
  }

  /** A number stands below or left of a line of the grid, and both at the place of the figure. */
  @Test
  void theNumbersOfTheAxesAreThoseOfTheDots() {
    Shapes drawn = Shapes.of(svg());
    for (Point point : DATA.points()) {
      Dot dot =
          dot(
              String.format(
                  Locale.ROOT,
                  "%s: Acc_s %.1f, Acc_g %.1f",
                  point.name(),
                  point.accS().value(),
                  point.accG().value()));
      assertThat(across(drawn, (int) point.accS().value()).at("x")).isEqualTo(dot.x());
      if (point.accG().value() % 20 == 0) {
        assertThat(up(drawn, (int) point.accG().value()).at("y")).isEqualTo(dot.y() + 4);
      }
    }
    assertThat(across(drawn, 80).at("y")).isEqualTo(412);
    assertThat(up(drawn, 40).at("x")).isEqualTo(42);
    List<Shape> grid = drawn.all("line", "grid");
    assertThat(grid)
        .filteredOn(line -> line.at("x1") == line.at("x2"))
        .extracting(line -> line.at("x1"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(3, 9).mapToObj(i -> across(drawn, 10 * i).at("x")).toList());
    assertThat(grid)
        .filteredOn(line -> line.at("y1") == line.at("y2"))
        .extracting(line -> line.at("y1") + 4)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 5).mapToObj(i -> up(drawn, 20 * i).at("y")).toList());
  }

  private static Shape across(Shapes drawn, int percent) {
    return number(drawn, "middle", percent);
  }

  private static Shape up(Shapes drawn, int percent) {
    return number(drawn, "end", percent);
  }

  private static Shape number(Shapes drawn, String anchor, int percent) {
    return drawn.all("text").stream()
        .filter(text -> text.get("text-anchor").equals(anchor))
        .filter(text -> text.text().equals(String.valueOf(percent)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theAxesAreNamedAtTheirEnds() {
    Shapes drawn = Shapes.of(svg());
    Shape up = drawn.one("text", "↑ Acc_g");
    assertThat(up.at("y")).isLessThan(26);
    assertThat(up.at("x")).isLessThan(48);
    assertThat(up.get("text-anchor")).isEqualTo("start");
    Shape across = drawn.one("text", "Acc_s");
    assertThat(across.at("y")).isGreaterThan(396);
    assertThat(across.at("x")).isEqualTo(746);
    assertThat(across.get("text-anchor")).isEqualTo("end");
    assertThat(drawn.one("text", "Best: lower right").at("y")).isGreaterThan(396);
  }

  @Test
  void aNameStandsByItsOwnDot() {
    Shapes drawn = Shapes.of(svg());
    assertThat(drawn.all("line", "lead")).isEmpty(); // nothing is in the way
    List<Shape> circles = drawn.all("circle");
    for (Shape circle : circles) {
      String name = circle.text().substring(0, circle.text().indexOf(':'));
      Shape words =
          drawn.all("text").stream().filter(t -> t.text().equals(name)).findFirst().orElseThrow();
      assertThat(words.style()).isEqualTo(circle.style().equals("best") ? "name best" : "name");
      assertThat(words.get("text-anchor")).isEqualTo("middle");
      assertThat(circles)
          .allSatisfy(o -> assertThat(far(words, circle)).isLessThanOrEqualTo(far(words, o)));
    }
  }

  private static double far(Shape words, Shape circle) {
    return Math.hypot(words.at("x") - circle.at("cx"), words.at("y") - circle.at("cy"));
  }

  @Test
  void aNameThatFindsNoRoomNearbyHasALineFromItsDot() {
    List<Point> crowd =
        IntStream.range(0, 9)
            .mapToObj(i -> new Point("Method " + i, range(50), range(50), false, false))
            .toList();
    Shapes drawn = Shapes.of(new TradeOff("t", "g", crowd).chart().toString());
    Shape dot = drawn.all("circle").get(0);
    assertThat(drawn.all("line", "lead"))
        .isNotEmpty()
        .allSatisfy(
            lead -> {
              assertThat(lead.at("x1")).isEqualTo(dot.at("cx"));
              assertThat(lead.at("y1")).isEqualTo(dot.at("cy"));
              double length =
                  Math.hypot(lead.at("x2") - lead.at("x1"), lead.at("y2") - lead.at("y1"));
              assertThat(length).isBetween(11.9, 150.0);
            });
  }

  @Test
  void aLonelyNameStandsRightOfItsDotAtItsHeight() {
    Range exact = new Range(50, 50, 50);
    TradeOff one = new TradeOff("t", "g", List.of(new Point("UCE", exact, exact, false, false)));
    Shapes drawn = Shapes.of(one.chart().toString());
    Shape dot = drawn.all("circle").get(0);
    Shape name = drawn.one("text", "UCE");
    assertThat(name.at("x")).isBetween(dot.at("cx") + 10, dot.at("cx") + 30);
    assertThat(name.at("y")).isCloseTo(dot.at("cy") + 3.5, offset(0.11));
  }

  /** Here there is room enough for all of them beside crosses and the dashed line. */
  @Test
  void noNameStandsOnALine() {
    Shapes drawn = Shapes.of(svg());
    List<Box> lines = new ArrayList<>();
    for (Shape line : drawn.all("line", "cross")) {
      lines.add(Box.between(line.at("x1"), line.at("y1"), line.at("x2"), line.at("y2")));
    }
    String[] points = drawn.all("polyline").get(0).get("points").split("[ ,]");
    for (int i = 0; i + 3 < points.length; i += 2) {
      double[] ends = Stream.of(points).skip(i).mapToDouble(Double::parseDouble).toArray();
      lines.add(Box.between(ends[0], ends[1], ends[2], ends[3]));
    }
    assertThat(lines).hasSize(8 + 4);
    for (Point point : DATA.points()) {
      Shape name = drawn.one("text", point.name());
      double half = 3.3 * point.name().length();
      double x = name.at("x");
      Box words = new Box(x - half, name.at("y") - 10, x + half, name.at("y") + 3);
      assertThat(lines).as(point.name()).noneMatch(words::meets);
    }
  }

  /** It is too long for the room on the right; left of the dot is the dashed line. */
  @Test
  void aNameGoesBelowTheDashedLine() {
    String name = "A method whose name is as long as a sentence";
    Range same = new Range(50, 50, 50);
    List<Point> points =
        List.of(
            new Point("Other", new Range(20, 20, 20), same, false, false),
            new Point(name, new Range(80, 80, 80), same, true, false));
    Shapes drawn = Shapes.of(new TradeOff("t", "g", points).chart().toString());
    double line = drawn.all("circle").get(1).at("cy");
    assertThat(drawn.all("polyline").get(0).get("points")).startsWith("48.0," + line);
    assertThat(drawn.one("text", name).at("y")).isBetween(line + 10, line + 40);
  }
}
