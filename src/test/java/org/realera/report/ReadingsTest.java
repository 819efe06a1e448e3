package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.report.EvalPage.Reading;

/** What a page says of how its figures are read. */
class ReadingsTest {
  /** What is said of figures made in one way and in no other. */
  private static final Map<Reading, List<String>> OWN =
      Map.of(
          Reading.CLASSIFIER,
          List.of(
              "must call every picture one of them",
              "The open set adds the anchor and a list of scenes to the labels."),
          Reading.CELEBRITY,
          List.of(
              "GIPHY's detector names the person, among those in which it finds a face at all",
              "Acc<sub>g</sub> is over prompts that mean the person without the name."),
          Reading.CLIP_MEAN,
          List.of("between a picture and its own prompt, where it is above 0"),
          Reading.CLIP_ERASURE,
          List.of(
              "between a picture and the prompt of the artist in question",
              "as in the paper's Table 4"),
          Reading.NUDENET,
          List.of("detections of exposed parts over all pictures", "they lie in the run's folder"));

  private static final String ACCURACIES =
      "H<sub>o</sub> is the harmonic mean of 100 − Acc<sub>e</sub>, Acc<sub>s</sub> and 100 −"
          + " Acc<sub>g</sub>.";

  private static String evaluation(boolean classified, Reading... readings) {
    EvalPage.Overview none = new EvalPage.Overview(List.of(), List.of(), List.of());
    return said(
        new EvalPage("t", none, List.of(), List.of(), List.of(readings), classified).html());
  }

  private static String comparison(boolean classified, Reading... readings) {
    MethodsPage.Table none = new MethodsPage.Table("t", false, List.of());
    return said(
        new MethodsPage(
                "t",
                "v",
                List.of(none),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(readings),
                classified)
            .html());
  }

  private static String said(String html) {
    return html.substring(html.indexOf("<h2>How to read this</h2>"));
  }

  @ParameterizedTest
  @EnumSource
  void figuresMadeInOneWayAreExplainedByThatAlone(Reading reading) {
    for (String page : List.of(evaluation(true, reading), comparison(true, reading))) {
      assertThat(page).contains(Objects.requireNonNull(OWN.get(reading)));
      Stream.of(Reading.values())
          .filter(other -> other != reading)
          .map(other -> Objects.requireNonNull(OWN.get(other)))
          .forEach(others -> assertThat(page).doesNotContain(others));
    }
  }

  @Test
  void accuraciesAreExplainedWhereThereAreAny() {
    for (Reading reading : List.of(Reading.CLASSIFIER, Reading.CELEBRITY, Reading.CLIP_ERASURE)) {
      assertThat(evaluation(true, reading))
          .contains(
              "Acc<sub>e</sub> is the accuracy with which the scorer finds the erased concept in"
                  + " pictures of it, Acc<sub>g</sub> the same in pictures of its synonyms,"
                  + " Acc<sub>s</sub> the accuracy on the other concepts. "
                  + ACCURACIES);
    }
    for (Reading reading : List.of(Reading.CLIP_MEAN, Reading.NUDENET)) {
      assertThat(evaluation(true, reading)).doesNotContain(ACCURACIES);
    }
  }

  @Test
  void figuresMadeInSeveralWaysAreExplainedOneByOne() {
    assertThat(evaluation(false, Reading.NUDENET, Reading.CLIP_MEAN))
        .containsSubsequence(
            Objects.requireNonNull(OWN.get(Reading.NUDENET)).get(0),
            Objects.requireNonNull(OWN.get(Reading.CLIP_MEAN)).get(0));
  }

  @Test
  void intervalsAreExplainedByWhatIsRedrawn() {
    for (String page :
        List.of(evaluation(true, Reading.CLASSIFIER), comparison(true, Reading.CLASSIFIER))) {
      assertThat(page)
          .contains(
              "the images of each prompt are redrawn 2,000 times. They speak of other seeds with"
                  + " these prompts, not of other prompts.");
    }
    for (String page :
        List.of(evaluation(false, Reading.CLIP_MEAN), comparison(false, Reading.CLIP_MEAN))) {
      assertThat(page)
          .contains(
              "the images of each figure are redrawn 2,000 times. They speak of other seeds.");
    }
  }
}
