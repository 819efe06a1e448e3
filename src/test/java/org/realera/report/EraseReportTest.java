package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.realera.report.EraseReport.Card;
import org.realera.report.EraseReport.Role;

class EraseReportTest {
  @Test
  void whateverTheUserNamedIsTextAndNeverMarkup() {
    String evil = "<script>alert(\"'&$1\\</script>";
    EraseReport report =
        new EraseReport(
            evil,
            Map.of(evil, evil),
            List.of(new Card(Role.KEPT, evil, evil, List.of(image(8)), List.of(image(8)))),
            evil,
            List.of(),
            Map.of(evil, evil),
            evil);
    String html = report.html();
    assertThat(html)
        .doesNotContain("<script")
        .contains("&lt;script&gt;alert(\"'&amp;$1\\")
        .contains("alt=\"&lt;script>alert(&#34;&#39;&amp;$1\\");
    assertThat(html).doesNotContain("${");
  }

  @Test
  void theReportNeedsNothingButItself() {
    String html = sample(200).html();
    assertThat(html).doesNotContain("http").doesNotContain("src=\"/").doesNotContain("<link");
    assertThat(html).contains("prefers-color-scheme: dark").contains("name=\"viewport\"");
    assertThat(html).contains("src=\"data:image/png;base64,").contains("<svg");
  }

  @Test
  void largeImagesAreJpegSoThatTheFileStaysSmall() {
    Card card = new Card(Role.ERASED, "p", "", List.of(image(256)), List.of(image(256)));
    assertThat(report(List.of(card), List.of()).html()).contains("data:image/jpeg;base64,");
  }

  @Test
  void withoutAlignmentThereIsNoCurve() {
    assertThat(report(List.of(), List.of()).html()).doesNotContain("<svg");
  }

  @Test
  void theCurveTakesAnyNumberOfStepsAndAnySizeOfLoss() {
    assertThat(curve(0.0)).contains("odd steps").doesNotContain("even steps");
    assertThat(curve(1e-9, 3e5)).contains("even steps").doesNotContain("NaN");
    assertThat(curve(0.5, 0.25, 0.125)).contains(">0.45<");
  }

  @Test
  void theTicksOfAnAxisAreOfOneForm() {
    assertThat(ticks(0.0016)).containsExactly("0", "4.0e-04", "8.0e-04", "1.2e-03", "1.6e-03");
    assertThat(ticks(0.0058)).containsExactly("0", "0.0015", "0.003", "0.0045", "0.006");
    assertThat(ticks(780)).containsExactly("0", "200", "400", "600", "800");
    assertThat(ticks(3_900)).containsExactly("0", "1.0e+03", "2.0e+03", "3.0e+03", "4.0e+03");
  }

  private static List<String> ticks(double loss) {
    return Pattern.compile("text-anchor=\"end\">([^<]*)<")
        .matcher(curve(loss))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void whatTheImagesShowStandsBelowThem() {
    Card card = card(Role.ERASED, "a photo of the jet", "", Color.RED, Color.CYAN);
    String plain = report(List.of(card), List.of()).html();
    assertThat(plain).doesNotContain("class=\"seen\"");
    String html = report(List.of(card.seen("98 % airplane", "0 % airplane")), List.of()).html();
    assertThat(html.substring(html.indexOf(">Before<"), html.indexOf(">After<")))
        .contains("</div><p class=\"seen\">98 % airplane</p>");
    assertThat(html.substring(html.indexOf(">After<")))
        .contains("</div><p class=\"seen\">0 % airplane</p>");
  }

  /** Eq. 8 takes the odd steps, eq. 9 the even ones. */
  @Test
  void thePageSaysWhichStepsDoWhat() {
    assertThat(sample(4).html())
        .contains(
            "Odd steps bring the concept to its anchor; even steps bring a neighbor there and hold"
                + " a point beyond.");
  }

  @Test
  void imagesStandUnderTheirPromptBeforeAndAfter() {
    EraseReport sample = sample(4);
    List<String> expected = new ArrayList<>();
    for (Card card : sample.images()) {
      expected.add(card.role().style() + ": " + card.caption() + ", " + card.prompt());
      card.before().forEach(one -> expected.add(card.prompt() + ", before: " + one.uri()));
      card.after().forEach(one -> expected.add(card.prompt() + ", after: " + one.uri()));
    }
    Pattern part =
        Pattern.compile(
            "<section class=\"card (\\w+)\"><p class=\"role\">([^<]*)</p><h3>([^<]*)</h3>"
                + "|<img alt=\"([^\"]*)\" width=\"64\" height=\"64\" src=\"([^\"]*)\">");
    List<String> shown =
        part.matcher(sample.html())
            .results()
            .map(
                found ->
                    found.group(4) == null
                        ? found.group(1) + ": " + found.group(2) + ", " + found.group(3)
                        : found.group(4) + ": " + found.group(5))
            .toList();
    assertThat(expected).hasSize(5 * 5).doesNotHaveDuplicates();
    assertThat(expected.get(0)).isEqualTo("erased: Erased, a photo of the airplane");
    assertThat(expected.get(5)).isEqualTo("neighbor: Neighbor · cosine 0.81, a photo of the jet");
    assertThat(shown).isEqualTo(expected);
    assertThat(sample.html())
        .contains("<p class=\"soft\">Same prompts, same seeds.</p>")
        .contains("<dt>Model</dt><dd>pocket</dd>")
        .contains("<pre>seed: 0\nmining:\n  enabled: true\n</pre>");
    assertThat(PageRows.of(sample.html()))
        .containsExactly(
            "Stage | Result",
            "Open and check the model | 686 tensors as expected",
            "Mine neighbors | 80 neighbors from 91 draws, 800 points beyond from 803");
  }

  @Test
  void theNamesOfTheTwoLinesNeverOverlapAndStayInTheImage() {
    for (double even : List.of(1.0, 0.99, 0.95, 0.5, 0.001, 0.0)) {
      for (double odd : List.of(1.0, 0.97, 0.5, 0.02, 0.0)) {
        List<Double> names = nameHeights(curve(odd, even, odd, even));
        assertThat(names).allSatisfy(y -> assertThat(y).isBetween(12.0, 266.0));
        assertThat(Math.abs(names.get(0) - names.get(1))).isGreaterThanOrEqualTo(15.9);
      }
    }
  }

  @Test
  void namesOfLinesThatEndFarApartStandAtTheirEnds() {
    List<Double> names = nameHeights(curve(0.0, 1.0));
    assertThat(names).containsExactly(250.0, 18.0);
  }

  private static String curve(Double... losses) {
    return LossCurve.svg(List.of(losses)).toString();
  }

  /** Base lines of the two names, from above. */
  private static List<Double> nameHeights(String svg) {
    return Pattern.compile("y=\"([0-9.]+)\">(?:odd|even) steps<")
        .matcher(svg)
        .results()
        .map(found -> Double.valueOf(found.group(1)))
        .toList();
  }

  static EraseReport sample(int steps) {
    List<Card> cards =
        List.of(
            card(Role.ERASED, "a photo of the airplane", "", Color.ORANGE, Color.CYAN),
            card(Role.NEIGHBOR, "a photo of the jet", "cosine 0.81", Color.PINK, Color.CYAN),
            card(Role.NEIGHBOR, "a photo of the aircraft", "cosine 0.78", Color.RED, Color.CYAN),
            card(Role.KEPT, "a photo of the horse", "cosine 0.31", Color.GRAY, Color.GRAY),
            card(Role.KEPT, "a photo of the house", "cosine 0.22", Color.GREEN, Color.GREEN));
    List<Double> losses =
        IntStream.rangeClosed(1, steps)
            .mapToObj(
                i -> (i % 2 == 0 ? 0.004 : 0.011) * (Math.exp(-i / 80.0) + 0.3 + 0.2 * (i * 7 % 5)))
            .toList();
    return report(cards, losses);
  }

  private static EraseReport report(List<Card> cards, List<Double> losses) {
    Map<String, String> stages = new LinkedHashMap<>();
    stages.put("Open and check the model", "686 tensors as expected");
    stages.put("Mine neighbors", "80 neighbors from 91 draws, 800 points beyond from 803");
    return new EraseReport(
        "airplane → sky",
        Map.of("Model", "pocket"),
        cards,
        "Same prompts, same seeds.",
        losses,
        stages,
        "seed: 0\nmining:\n  enabled: true\n");
  }

  private static Card card(Role role, String prompt, String note, Color before, Color after) {
    return new Card(
        role,
        prompt,
        note,
        List.of(image(64, before), image(64, before.darker())),
        List.of(image(64, after), image(64, after.darker())));
  }

  private static Thumbnail image(int size) {
    return image(size, Color.BLUE);
  }

  private static Thumbnail image(int size, Color color) {
    byte[] rgb = new byte[3 * size * size];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) color.getRed();
      rgb[i + 1] = (byte) color.getGreen();
      rgb[i + 2] = (byte) color.getBlue();
    }
    return Thumbnails.of(size, size, rgb);
  }
}
