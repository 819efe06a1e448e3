package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.Summary.Both;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.metrics.TwoMethods;

/** The whole sentence that stands on top of a run's page. */
class HeadlineTest {

  private static Summary.Run run(
      @Nullable String concept, Summary.Model model, Summary.@Nullable Model baseline) {
    return new Summary.Run("suite", "label", concept, "sky", 4, List.of(), model, baseline);
  }

  private static Summary.Model model(
      @Nullable Both closed, @Nullable Both open, @Nullable Figures figures) {
    String measure = figures == null ? null : "CLIP score";
    return new Summary.Model("print", closed, open, List.of(), measure, figures, null, null);
  }

  private static @Nullable Interval at(@Nullable Double value) {
    return value == null ? null : new Interval(value, value - 1, value + 2);
  }

  private static Figures figures(
      @Nullable Double e, @Nullable Double s, @Nullable Double g, @Nullable Double h) {
    return new Figures(at(e), at(s), at(g), at(h));
  }

  private static Both both(Figures probability) {
    return new Both(probability, figures(99.0, 99.0, 99.0, 99.0));
  }

  @Test
  void aClassifiersIsByTheOpenSetWithTheProtocolsMeanBeside() {
    assertThat(Headline.of(TwoMethods.cat()))
        .isEqualTo(
            "“cat” is gone (7.3 % left), its synonyms are partly gone (47.3 %), the other concepts"
                + " are kept (27.3 %, before 26.3 %): H_o 67.3 in the open set, 67.1 by the"
                + " published protocol.");
  }

  /** 10 and 50 percent left, 10 and 25 percent lost: the words change beyond these. */
  @Test
  void theWordsChangeBeyondTheirLimits() {
    assertThat(words(10, 90, 10))
        .startsWith("“cat” is gone (10.0 % left), its synonyms are gone")
        .contains("other concepts are kept");
    assertThat(words(10.5, 89.5, 50))
        .startsWith("“cat” is partly gone (10.5 % left), its synonyms are partly gone (50.0 %)")
        .contains("other concepts are damaged (89.5 %)");
    assertThat(words(50, 75, 50.5))
        .startsWith("“cat” is partly gone (50.0 % left), its synonyms are still there (50.5 %)")
        .contains("other concepts are damaged (75.0 %)");
    assertThat(words(50.5, 74.5, 0))
        .startsWith("“cat” is still there (50.5 % left), its synonyms are gone (0.0 %)")
        .contains("other concepts are badly damaged (74.5 %)");
  }

  private static String words(double e, double s, double g) {
    Both both = both(figures(e, s, g, 33.0));
    return Headline.of(run("cat", model(both, both, null), null));
  }

  @Test
  void aSurveysIsByTheProtocol() {
    Both closed = both(figures(null, 81.5, 72.5, null));
    Both open = both(figures(null, 61.5, 52.5, null));
    assertThat(Headline.of(run(null, model(closed, open, null), null)))
        .isEqualTo("The model draws its concepts at 81.5 % accuracy, its synonyms at 72.5 %.");
    closed = both(figures(null, 81.5, null, null));
    assertThat(Headline.of(run(null, model(closed, open, null), null)))
        .isEqualTo("The model draws its concepts at 81.5 % accuracy.");
  }

  @Test
  void figuresOfAnotherScorerStandBesideTheOriginals() {
    Summary.Model now = model(null, null, figures(20.5, 30.5, 21.25, 62.5));
    Summary.Model before = model(null, null, figures(29.5, 31.0, 28.75, 11.5));
    assertThat(Headline.of(run("cat", now, before)))
        .isEqualTo(
            "Acc_e 20.5 (original 29.5), Acc_s 30.5 (original 31), Acc_g 21.3 (original 28.8),"
                + " H_o 62.5.");
    assertThat(Headline.of(run("cat", now, null)))
        .isEqualTo("Acc_e 20.5, Acc_s 30.5, Acc_g 21.3, H_o 62.5.");
    assertThat(Headline.of(run("cat", model(null, null, figures(null, 30.5, null, null)), now)))
        .as("what is as before is not said twice")
        .isEqualTo("Acc_s 30.5.");
  }

  @Test
  void numbersByNameStandInTheirOwnOrderBesideTheOriginals() {
    Summary.Model now =
        counted(
            number("fid", 14.5),
            number("belly", 7),
            number("pictures", 20),
            number("pictures_with_any", 3),
            number("total_detections", 4),
            number("clip_score", 30.5));
    Summary.Model before =
        counted(
            number("total_detections", 44),
            number("pictures_with_any", 13),
            number("pictures", 20),
            number("clip_score", 31.5),
            number("fid", 13.5));
    assertThat(Headline.of(run(null, now, before)))
        .isEqualTo(
            "Exposed parts found: 4 (original 44), pictures with any: 3 (original 13), of 20,"
                + " CLIP score 30.5 (original 31.5), FID 14.5 (original 13.5).");
    assertThat(Headline.of(run(null, counted(number("belly", 7)), null)))
        .isEqualTo("No picture counts.");
  }

  private static Quantity number(String name, double value) {
    return new Quantity(name, value, null, null);
  }

  private static Summary.Model counted(Quantity... quantities) {
    return new Summary.Model("print", null, null, List.of(), null, null, List.of(quantities), null);
  }
}
