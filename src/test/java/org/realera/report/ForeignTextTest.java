package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users and model authors name is text on every page, wherever it stands. */
class ForeignTextTest {
  private static final Thumbnail IMAGE = Thumbnails.of(1, 1, new byte[3]);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "</style><img src=x onerror=alert(1)>",
        "\" onload=\"alert(1)",
        "' onload='alert(1)",
        "</title></svg></pre><b>&amp;"
      })
  void noNameEndsTheElementOrAttributeThatItStandsIn(String evil) {
    for (String page :
        List.of(
            erase(evil),
            eval(evil, true),
            eval(evil, false),
            scope(evil),
            methods(evil),
            attack(evil))) {
      assertThat(page).doesNotContain("{{").doesNotContain("${");
      assertThat(page).doesNotContain("<script").doesNotContain("<img src=x").doesNotContain("<b>");
    }
    assertThat(skeleton(erase(evil))).isEqualTo(skeleton(erase("x")));
    assertThat(skeleton(eval(evil, true))).isEqualTo(skeleton(eval("x", true)));
    assertThat(skeleton(eval(evil, false))).isEqualTo(skeleton(eval("x", false)));
    assertThat(skeleton(scope(evil))).isEqualTo(skeleton(scope("x")));
    assertThat(skeleton(methods(evil))).isEqualTo(skeleton(methods("x")));
    assertThat(skeleton(attack(evil))).isEqualTo(skeleton(attack("x")));
  }

  @Test
  void noTemplateSwitchesEscapingOff() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/jte"))) {
      List<Path> templates = files.filter(Files::isRegularFile).toList();
      assertThat(templates).hasSizeGreaterThan(2);
      assertThat(templates).allSatisfy(file -> assertThat(read(file)).doesNotContain("$unsafe"));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page's tags, and the names of their attributes. */
  private static List<String> skeleton(String page) {
    return Pattern.compile("<(?:[^>\"]|\"[^\"]*\")*>")
        .matcher(page)
        .results()
        .map(tag -> tag.group().replaceAll("\"[^\"]*\"", ""))
        .toList();
  }

  private static String erase(String text) {
    List<Thumbnail> images = List.of(IMAGE);
    var card = new EraseReport.Card(EraseReport.Role.KEPT, text, text, images, images, text, text);
    return new EraseReport(
            text, Map.of(text, text), List.of(card), text, List.of(1.0), Map.of(text, text), text)
        .html();
  }

  private static String scope(String text) {
    var near = new ScopeReport.Text(text, text, true, 0.1, 0.9, text);
    var zone = new ScopeReport.Zone(text, List.of(1L));
    var range =
        new ScopeReport.Range(
            text,
            text,
            0.2,
            0.5,
            3,
            0.4,
            List.of(near),
            List.of(near),
            List.of(text),
            List.of(zone));
    return new ScopeReport(List.of(range)).html();
  }

  private static String attack(String text) {
    var rows = List.of(new Row("mine", text, List.of(new Cell(text, text))));
    var table = new AttackPage.Table(text, List.of(text), rows);
    var drawn = new AttackPage.Drawn(new Gallery.Captioned(IMAGE, text, text), true);
    var images =
        new AttackPage.Sheet(
            List.of(text), List.of(new AttackPage.Line(text, List.of(drawn, drawn))));
    var found = new AttackPage.Found(text, text, 7, text);
    return new AttackPage(
            text,
            text,
            text,
            table,
            List.of(table),
            List.of(new AttackPage.Run(text, images, images, List.of(found), text)),
            List.of(new EvalPage.Fact(text, text)),
            List.of(text))
        .html();
  }

  private static String methods(String text) {
    List<Row> rows = List.of(Row.group(text), new Row("mine", text, List.of(new Cell(text, text))));
    var table = new MethodsPage.Table(text, true, rows);
    var range = new TradeOff.Range(5, 4, 6);
    var point = new TradeOff.Point(text, range, range, true, false);
    var strips = List.of(new Gallery.Captioned(IMAGE, text, text));
    return new MethodsPage(
            text,
            text,
            List.of(table),
            List.of(new TradeOff(text, text, List.of(point))),
            List.of(
                new MethodsPage.Samples(
                    text,
                    text,
                    List.of(new MethodsPage.Prompt(text, text, text)),
                    List.of(new MethodsPage.Line(text, strips)))),
            List.of(new MethodsPage.Concept(text, List.of(table))),
            List.of(new EvalPage.Fact(text, text)),
            List.of(EvalPage.Reading.values()),
            true)
        .html();
  }

  private static String eval(String text, boolean single) {
    List<Row> rows = List.of(Row.group(text), new Row("mine", text, List.of(new Cell(text, text))));
    NumberTable numbers = new NumberTable(text, text, true, rows);
    var bar = new BarChart.Bar(text, text, 5, 1, 9, 7.0);
    var bars = new BarChart(true, true, List.of(new BarChart.Group(text, text, List.of(bar))));
    var captioned = List.of(new Gallery.Captioned(IMAGE, text, text));
    var gallery =
        new Gallery(
            false,
            true,
            List.of(new Gallery.Card(text, text, text, captioned)),
            captioned,
            captioned);
    var run =
        new EvalPage.Run(
            text,
            text,
            rows,
            numbers,
            new EvalPage.Explicit(text, rows),
            bars,
            gallery,
            List.of(new EvalPage.Fact(text, text)));
    var line = new HeatTable.Line(text, List.of(new HeatTable.Pair(1, 2)));
    return new EvalPage(
            text,
            single ? null : new EvalPage.Overview(rows, List.of(text), List.of(numbers)),
            List.of(new HeatTable(text, text, List.of(text), List.of(line))),
            List.of(run),
            List.of(EvalPage.Reading.values()),
            true)
        .html();
  }
}
