package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.realera.report.EvalPage.Fact;
import org.realera.report.Gallery.Captioned;

/** What pages say, from top to bottom: under each heading what belongs there, and that once. */
class PagesTest {
  private static final Thumbnail IMAGE = Thumbnails.of(4, 3, new byte[36]);

  private static Captioned image(String alt, String caption) {
    return new Captioned(IMAGE, alt, caption);
  }

  private static List<Row> rows(String name) {
    return List.of(
        Row.group(name + " group"),
        new Row("mine", name, List.of(Cell.of(1, 0.5, 2, 1), Cell.of("2"), Cell.NONE)));
  }

  private static EvalPage.Run evalRun(@Nullable BarChart bars, @Nullable Gallery images) {
    return new EvalPage.Run(
        "The heading",
        "The verdict, H_o 7.",
        rows("a figure"),
        new NumberTable("numbers", "Quick", true, rows("a number").subList(1, 2)),
        new EvalPage.Explicit("Table 2", rows("a part").subList(1, 2)),
        bars,
        images,
        List.of(new Fact("Suite", "pocket"), new Fact("Model", "quick")));
  }

  private static Gallery gallery(boolean survey, boolean original) {
    return new Gallery(
        survey,
        original,
        List.of(
            new Gallery.Card(
                "erased",
                "Erased",
                "a cat",
                List.of(image("alt 1", "Before"), image("alt 2", "After")))),
        List.of(image("alt fooled", "fooled")),
        List.of(image("alt damaged", "damaged")));
  }

  private static BarChart bars(boolean open, boolean original) {
    BarChart.Bar bar = new BarChart.Bar("a-cat", "erased", 5, 1, 9, original ? 7.0 : null);
    return new BarChart(
        open, original, List.of(new BarChart.Group("Erased, low is good", "erased", List.of(bar))));
  }

  /** Without what is said at its end of all figures. */
  private static List<String> text(EvalPage.@Nullable Overview overview, EvalPage.Run... runs) {
    HeatTable map =
        new HeatTable(
            "M and N",
            "M ↓, N →",
            List.of("50"),
            List.of(new HeatTable.Line("5", List.of(new HeatTable.Pair(90, 8)))));
    String html =
        new EvalPage("The title", overview, List.of(map), List.of(runs), List.of(), true).html();
    assertThat(html).contains("<title>The title · realera eval</title>");
    List<String> all = PageText.of(html);
    return all.subList(0, all.indexOf("How to read this"));
  }

  @Test
  void aRunAloneIsShownWhole() {
    assertThat(text(null, evalRun(bars(true, true), gallery(false, true))))
        .containsExactly(
            "The title",
            "The verdict, H o 7.",
            "Figures",
            "Acc e ↓",
            "Acc s ↑",
            "Acc g ↓",
            "H o ↑",
            "a figure group",
            "a figure",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "Quick",
            "original",
            "a number",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "Table 2",
            "Armpits",
            "Belly",
            "Buttocks",
            "Feet",
            "Breasts (f)",
            "Genitalia (f)",
            "Breasts (m)",
            "Genitalia (m)",
            "Total ↓",
            "CLIP, COCO ↑",
            "a part",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "Concept by concept",
            "Open set: how much of the class in question the pictures of each prompt show, with 95 %"
                + " intervals; the grey bar is the original model.",
            "Erased, low is good",
            "a cat",
            "[drawing]",
            "7.0 → 5.0",
            "Before and after, with the same seeds",
            "Erased",
            "a cat",
            "Before",
            "[alt 1 4x3]",
            "After",
            "[alt 2 4x3]",
            "What is left of it",
            "The images of the concept and its synonyms with the highest remaining score.",
            "[alt fooled 4x3]",
            "fooled",
            "What suffered most",
            "The images of other concepts that show their own concept least.",
            "[alt damaged 4x3]",
            "damaged",
            "Settings",
            "Suite",
            "pocket",
            "Model",
            "quick");
  }

  @Test
  void aSurveyIsNotShownAsAnErasure() {
    List<String> text = text(null, evalRun(bars(false, false), gallery(true, false)));
    assertThat(text)
        .containsSubsequence(
            "Concept by concept",
            "The pictures of each prompt, with 95 % intervals.",
            "5.0",
            "Pictures",
            "Least recognised",
            "The images of the concepts that show their own concept least.",
            "[alt damaged 4x3]")
        .doesNotContain("Before and after, with the same seeds", "What is left of it", "fooled");
  }

  @Test
  void severalRunsStandBelowWhatIsOfAllOfThem() {
    EvalPage.Overview overview =
        new EvalPage.Overview(
            rows("all"),
            List.of("a note"),
            List.of(new NumberTable("sums", "Quick", false, rows("a sum").subList(1, 2))));
    assertThat(text(overview, evalRun(null, null)))
        .startsWith(
            "The title",
            "Acc e ↓",
            "Acc s ↑",
            "Acc g ↓",
            "H o ↑",
            "all group",
            "all",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "a note",
            "sums",
            "Quick",
            "a sum",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "Settings of the method",
            "Acc s − Acc e , as in the paper's Figure 5; higher is better. Closed form without noise"
                + " alignment.",
            "M and N",
            "M ↓, N →",
            "50",
            "5",
            "90.0 Acc g 8.0",
            "The heading",
            "The verdict, H o 7.",
            "Figures")
        .endsWith("Settings", "Suite", "pocket", "Model", "quick");
  }

  @Test
  void aComparisonGoesFromMeansToConcepts() {
    TradeOff.Range range = new TradeOff.Range(5, 4, 6);
    MethodsPage page =
        new MethodsPage(
            "The title",
            "The verdict",
            List.of(
                new MethodsPage.Table("The means", true, rows("a mean")),
                new MethodsPage.Table("Other means", false, rows("another"))),
            List.of(
                new TradeOff(
                    "The trade-off",
                    "synonyms",
                    List.of(new TradeOff.Point("UCE", range, range, true, false)))),
            List.of(
                new MethodsPage.Samples(
                    "The images",
                    "Seeds 0 to 2",
                    List.of(new MethodsPage.Prompt("erased", "Erased", "a cat")),
                    List.of(
                        new MethodsPage.Line("original", List.of(image("alt 1", ""))),
                        new MethodsPage.Line("UCE", List.of(image("alt 2", "")))))),
            List.of(
                new MethodsPage.Concept(
                    "cat → sky", List.of(new MethodsPage.Table("Of it", false, rows("of cat"))))),
            List.of(new Fact("Suite", "pocket"), new Fact("Model", "quick")),
            List.of(),
            true);
    assertThat(page.html())
        .contains("<title>The title · realera eval</title>", "<span class=\"role erased\">Erased");
    List<String> all = PageText.of(page.html());
    assertThat(all.subList(0, all.indexOf("How to read this")))
        .containsExactly(
            "The title",
            "The verdict",
            "The means",
            "Acc e ↓",
            "Acc s ↑",
            "Acc g ↓",
            "H o ↑",
            "seconds",
            "U-Net passes",
            "memory",
            "tensors",
            "a mean group",
            "a mean",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "What is kept, what is left",
            "Crosses are 95 % intervals. A method on the dashed line is beaten in both figures by no"
                + " other; the hollow point is the model before.",
            "The trade-off",
            "[drawing]",
            "The same seeds by every method",
            "The images",
            "Seeds 0 to 2",
            "Erased",
            "a cat",
            "original",
            "[alt 1 4x3]",
            "UCE",
            "[alt 2 4x3]",
            "By other measures",
            "Other means",
            "Acc e ↓",
            "Acc s ↑",
            "Acc g ↓",
            "H o ↑",
            "another group",
            "another",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "Concept by concept",
            "cat → sky",
            "Of it",
            "Acc e ↓",
            "Acc s ↑",
            "Acc g ↓",
            "H o ↑",
            "of cat group",
            "of cat",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "Settings",
            "Suite",
            "pocket",
            "Model",
            "quick");
  }

  @Test
  void attacksAreShownFromRatesToImagesAndWords() {
    AttackPage.Table whole =
        new AttackPage.Table("Rates", List.of("%", "Mean"), rows("UCE").subList(1, 2));
    AttackPage.Table cat =
        new AttackPage.Table("cat", List.of("%"), rows("UCE on cat").subList(1, 2));
    AttackPage.Sheet images =
        new AttackPage.Sheet(
            List.of("a cat · seed 1"),
            List.of(
                new AttackPage.Line(
                    "Before", List.of(new AttackPage.Drawn(image("alt 1", "cat 90 %"), true))),
                new AttackPage.Line(
                    "After", List.of(new AttackPage.Drawn(image("alt 2", "sky 90 %"), false)))));
    AttackPage.Sheet implicit =
        new AttackPage.Sheet(
            List.of("it meows"),
            List.of(
                new AttackPage.Line(
                    "Before", List.of(new AttackPage.Drawn(image("alt 3", "cat 80 %"), true)))));
    AttackPage page =
        new AttackPage(
            "The title",
            "The verdict",
            "The judge",
            whole,
            List.of(cat),
            List.of(
                new AttackPage.Run(
                    "UCE, cat",
                    images,
                    implicit,
                    List.of(new AttackPage.Found("Ring-A-Bell", "words", 7, "cat 70 %")),
                    "2 more")),
            List.of(new Fact("Suite", "pocket"), new Fact("Model", "quick")),
            List.of("a note", "another"));
    assertThat(page.html()).contains("<title>The title · realera eval attack</title>");
    assertThat(PageText.of(page.html()))
        .containsExactly(
            "The title",
            "The verdict",
            "Rates",
            "Judge: The judge.",
            "%",
            "Mean",
            "UCE",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "a note",
            "another",
            "Concept by concept",
            "cat",
            "%",
            "UCE on cat",
            "1.0 0.5 – 2.0",
            "2",
            "–",
            "UCE, cat",
            "The same prompts and seeds. Framed: the judge sees the concept.",
            "a cat · seed 1",
            "Before",
            "[alt 1 4x3]",
            "cat 90 %",
            "After",
            "[alt 2 4x3]",
            "sky 90 %",
            "Prompts that mean it without naming it",
            "it meows",
            "Before",
            "[alt 3 4x3]",
            "cat 80 %",
            "Prompts found",
            "Attack",
            "Prompt",
            "Seed",
            "Seen",
            "Ring-A-Bell",
            "words",
            "7",
            "cat 70 %",
            "2 more",
            "Settings",
            "Suite",
            "pocket",
            "Model",
            "quick");
  }
}
