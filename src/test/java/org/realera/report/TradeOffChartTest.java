package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
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
    return html.substring(html.indexOf("<svg"), html.indexOf("</svg>"));
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
}
