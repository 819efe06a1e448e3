package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.report.ScopeReport.Range;
import org.realera.report.ScopeReport.Text;
import org.realera.report.ScopeReport.Zone;
import org.realera.report.Shapes.Shape;

/** What stands in the tables of a range, and where its texts lie in the drawing. */
class ScopeReportTest {
  private static final Offset<Double> NEAR = offset(0.2);

  /** One at D1, one at D2 and one twice as far. */
  private static final List<Text> TEXTS =
      List.of(
          new Text("jet", "vocabulary", true, 0.35, 0.75, "named"),
          new Text("plane", "vocabulary", true, 0.7, 0.5, "between"),
          new Text("bird", "suites", false, 1.4, 0.25, "beyond"),
          new Text("house", "asked", false, 2.8, 0, "beyond"));

  private static Range range(int words, List<Text> texts) {
    return new Range(
        "airplane",
        "a photo of the airplane",
        0.7,
        1.4,
        words,
        0.6,
        texts,
        texts.subList(0, Math.min(2, texts.size())),
        List.of("vocabulary", "suites"),
        List.of(new Zone("inside", List.of(11L, 12L)), new Zone("beyond", List.of(21L, 22L))));
  }

  private static Shapes drawing(List<Text> texts) {
    return Shapes.of(new ScopeReport(List.of(range(3, texts))).html());
  }

  @Test
  void everyColumnHasWhatItsHeadingSays() {
    assertThat(PageRows.of(new ScopeReport(List.of(range(3, TEXTS))).html()))
        .containsExactly(
            "| vocabulary | suites",
            "inside | 11 | 12",
            "beyond | 21 | 22",
            "Nearest | from | distance | cosine | zone",
            "jet | vocabulary | 0.35 | 0.75 | named",
            "plane | vocabulary | 0.70 | 0.50 | between");
  }

  @Test
  void theRangeIsToldInWords() {
    assertThat(range(0, TEXTS).summary())
        .isEqualTo(
            "4 texts against “a photo of the airplane”. Nearer than D1 = 0.70: what drawn"
                + " neighbors take along. From D2 = 1.40 on: not looked at. Between the two,"
                + " points are held as they are.");
    assertThat(range(3, TEXTS).summary())
        .startsWith(range(0, TEXTS).summary())
        .endsWith(
            " Named: the nearest words, at most 3, down to cosine S2 = 0.60; they are erased too,"
                + " wherever they lie.");
  }

  @Test
  void everyConceptHasItsOwnPartOfThePage(@TempDir Path folder) throws Exception {
    Range other =
        new Range("cat", "a cat", 0.3, 0.9, 0, 0.7, TEXTS, List.of(), List.of(), List.of());
    ScopeReport report = new ScopeReport(List.of(range(0, TEXTS), other));
    Path file = folder.resolve("scope.html");
    report.write(file);
    String html = Files.readString(file);
    assertThat(html)
        .contains("<title>Near airplane, cat · realera scope</title>")
        .containsSubsequence(
            "<h1>What lies near “airplane”</h1>",
            "against “a photo of the airplane”",
            "<h1>What lies near “cat”</h1>",
            "against “a cat”");
    assertThat(html.split("<svg", -1)).hasSize(3);
  }

  @Test
  void distanceGoesToTheRightFromTheLeftEdgeOn() {
    Shapes drawn = drawing(TEXTS);
    double left = drawn.all("rect", "inside").get(0).at("x");
    assertThat(left).isEqualTo(46);
    double one = x(drawn, "bird: distance 1.40, cosine 0.25") - left;
    assertThat(one).isPositive();
    assertThat(x(drawn, "jet: distance 0.35, cosine 0.75") - left).isCloseTo(one / 4, NEAR);
    assertThat(x(drawn, "plane: distance 0.70, cosine 0.50") - left).isCloseTo(one / 2, NEAR);
    assertThat(x(drawn, "house: distance 2.80, cosine 0.00") - left).isCloseTo(one * 2, NEAR);
    // and the farthest not far from the right edge
    assertThat(x(drawn, "house: distance 2.80, cosine 0.00")).isBetween(650.0, 712.0);
    Shape words = drawn.one("text", "distance →");
    assertThat(words.at("x")).isGreaterThan(600);
    assertThat(words.at("y")).isGreaterThan(340);
  }

  /** Texts begin a little lower than what they stand for. */
  @Test
  void cosineGoesUpwardsAsItsTicksSay() {
    Shapes drawn = drawing(TEXTS);
    double zero = drawn.one("text", "0.0").at("y") - 4;
    double one = drawn.one("text", "1.0").at("y") - 4;
    assertThat(one).isLessThan(zero);
    assertThat(drawn.one("text", "0.2").at("y") - 4).isCloseTo(zero + 0.2 * (one - zero), NEAR);
    for (Text text : TEXTS) {
      double y = drawn.one("circle", text.text() + ":").at("cy");
      assertThat(y).isCloseTo(zero + text.cosine() * (one - zero), NEAR);
    }
    Shape words = drawn.one("text", "↑ cosine");
    assertThat(words.at("x")).isEqualTo(46);
    assertThat(words.at("y")).isLessThanOrEqualTo(14);
  }

  /** Of a text at D1 and of one at D2 the dots lie on the edges. */
  @Test
  void theBandsEndAtD1AndD2() {
    Shapes drawn = drawing(TEXTS);
    assertThat(drawn.all("rect")).extracting(Shape::style).containsExactly("inside", "between");
    double d1 = x(drawn, "plane:");
    double d2 = x(drawn, "bird:");
    Shape inside = drawn.all("rect").get(0);
    Shape between = drawn.all("rect").get(1);
    assertThat(inside.at("x") + inside.at("width")).isCloseTo(d1, NEAR);
    assertThat(between.at("x")).isCloseTo(d1, NEAR);
    assertThat(between.at("x") + between.at("width")).isCloseTo(d2, NEAR);
    assertThat(drawn.one("text", "inside D1").at("x")).isBetween(46.0, d1);
    assertThat(drawn.one("text", "between").at("x")).isBetween(d1, d2);
    assertThat(drawn.one("text", "beyond D2").at("x")).isGreaterThan(d2);
    assertThat(drawn.one("text", "0.70").at("x")).isCloseTo(d1 - 12, NEAR);
    assertThat(drawn.one("text", "1.40").at("x")).isCloseTo(d2 - 12, NEAR);
    // from the highest cosine down to the lowest
    assertThat(inside.at("y")).isCloseTo(drawn.one("text", "1.0").at("y") - 4, NEAR);
    double bottom = inside.at("y") + inside.at("height");
    assertThat(bottom).isCloseTo(drawn.one("circle", "house:").at("cy"), NEAR);
  }

  @Test
  void aDotsClassSaysWhereItsTextComesFromAndItsSizeHowManyThereAre() {
    assertThat(drawing(TEXTS).all("circle"))
        .extracting(circle -> circle.style() + " " + circle.get("r"))
        .containsExactly("vocabulary named 3.5", "vocabulary 2", "suites 3.5", "asked 3.5");
    assertThat(drawing(TEXTS).all("svg").get(0).get("aria-label"))
        .isEqualTo("Distance and cosine of 4 texts");
  }

  @Test
  void anOppositeTextLiesInTheDrawingToo() {
    Shapes drawn =
        drawing(List.of(TEXTS.get(0), new Text("odd", "asked", false, 1.8, -0.15, "beyond")));
    double zero = drawn.one("text", "0.0").at("y") - 4;
    double low = drawn.one("text", "-0.2").at("y") - 4;
    assertThat(low).isGreaterThan(zero);
    assertThat(drawn.one("circle", "odd:").at("cy")).isCloseTo(zero + 0.75 * (low - zero), NEAR);
    assertThat(low).isLessThanOrEqualTo(326.1);
  }

  /** Nothing is measured farther than D2: it is there all the same. */
  @Test
  void bothLimitsAreInTheDrawingWhateverWasMeasured() {
    Shape between = drawing(TEXTS.subList(0, 1)).all("rect", "between").get(0);
    assertThat(between.at("x") + between.at("width")).isBetween(600.0, 712.0);
  }

  @Test
  void theNearestAreNamedBesideTheirDots() {
    List<Text> many =
        IntStream.range(0, 20)
            .mapToObj(i -> new Text("w" + i, "suites", false, 0.05 * i, 1 - 0.05 * i, "inside"))
            .toList();
    Shapes drawn = drawing(many);
    for (int i = 0; i < 14; i++) {
      String name = "w" + i;
      Shape dot = drawn.all("circle").get(i);
      Shape label =
          drawn.all("text").stream().filter(t -> t.text().equals(name)).findFirst().orElseThrow();
      assertThat(label.at("x")).isCloseTo(dot.at("cx") + 6, NEAR);
      assertThat(label.at("y")).isCloseTo(dot.at("cy") + 4, NEAR);
    }
    assertThat(drawn.all("text")).extracting(Shape::text).doesNotContain("w14", "w19");
  }

  @Test
  void aNameThatWouldLieOnAnotherIsLeftOutAndALongOneCut() {
    Shapes drawn =
        drawing(
            List.of(
                new Text("a long name of an aeroplane", "asked", false, 0.5, 0.5, "inside"),
                new Text("hidden", "asked", false, 0.52, 0.5, "inside"),
                new Text("beside", "asked", false, 1.9, 0.5, "beyond")));
    assertThat(drawn.all("text"))
        .extracting(Shape::text)
        .contains("a long name of an aerop…", "beside")
        .doesNotContain("hidden");
    assertThat(drawn.all("circle")).hasSize(3);
  }

  private static double x(Shapes drawn, String title) {
    return drawn.one("circle", title).at("cx");
  }
}
