package org.realera.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.realera.eval.metrics.ScoredRuns.CAT;
import static org.realera.eval.metrics.ScoredRuns.DOG;
import static org.realera.eval.metrics.ScoredRuns.FACES;
import static org.realera.eval.metrics.ScoredRuns.HOUND;
import static org.realera.eval.metrics.ScoredRuns.KITTY;
import static org.realera.eval.metrics.ScoredRuns.all;
import static org.realera.eval.metrics.ScoredRuns.classifier;
import static org.realera.eval.metrics.ScoredRuns.image;
import static org.realera.eval.metrics.ScoredRuns.images;
import static org.realera.eval.metrics.ScoredRuns.run;
import static org.realera.eval.metrics.ScoredRuns.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.metrics.Summary.View;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunInfo.Scoring;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;

/** What a summary says of runs whose figures are known beforehand. */
class SummaryTest {
  private static final Scoring CELEBRITY = scoring(FACES, ScorerKind.CELEBRITY, MetricSet.ERASURE);

  /** Half of the cats and a quarter of the kitties gone, all dogs but one of four kept. */
  private static ModelRun half(String concept, String label) {
    return run(
        classifier(),
        concept,
        label,
        all(
            images(CAT, "cat", "cat", "sky", "dog"),
            images(DOG, "dog", "dog", "cat", "dog"),
            images(HOUND, "dog", "dog", "dog", "dog"),
            images(KITTY, "cat", "cat", "cat", "sky")));
  }

  /** Nothing is gone and all is kept. */
  private static ModelRun none(String concept, String label) {
    return run(
        classifier(),
        concept,
        label,
        all(images(CAT, "cat"), images(DOG, "dog"), images(KITTY, "cat")));
  }

  private static Summary.Run only(ModelRun model, @Nullable ModelRun baseline) {
    Summary summary = Summary.of(List.of(new ModelPair(model, baseline)));
    assertThat(summary.runs()).hasSize(1);
    return summary.runs().get(0);
  }

  private static double value(@Nullable Interval interval) {
    return Objects.requireNonNull(interval).value();
  }

  private static void assertFigures(Figures figures, double accE, double accS, double accG) {
    assertThat(value(figures.accE())).as("acc_e").isEqualTo(accE, within(1e-9));
    assertThat(value(figures.accS())).as("acc_s").isEqualTo(accS, within(1e-9));
    assertThat(value(figures.accG())).as("acc_g").isEqualTo(accG, within(1e-9));
    assertThat(value(figures.hO()))
        .as("h_o")
        .isEqualTo(Metrics.harmonic(accE, accS, accG), within(1e-9));
  }

  @Test
  void aClassifiersTablesAreClosedAndOpenSetByBothMeasures() {
    Summary.Run run = only(half("cat", "x"), none("cat", "base"));
    List<View> views = run.model().views();
    assertThat(views)
        .extracting(view -> view.name().toString())
        .containsExactly("closed set", "closed set, top-1", "open set", "open set, top-1");
    // A sky is none of the classes: of two equal ones, the first is called the best.
    assertFigures(views.get(0).figures(), 62.5, 87.5, 87.5);
    assertFigures(views.get(1).figures(), 75, 87.5, 100);
    assertFigures(views.get(2).figures(), 50, 87.5, 75);
    assertFigures(views.get(3).figures(), 50, 87.5, 75);
    assertFigures(Objects.requireNonNull(run.baseline()).views().get(2).figures(), 100, 100, 100);
    assertThat(run.model().fingerprint()).isEqualTo("print of x");
    assertThat(run.model().numbers()).isEmpty();
  }

  @Test
  void aRunSaysWhatItIsOf() {
    Summary.Run run = only(half("cat", "x"), none("cat", "base"));
    assertThat(run.suite()).isEqualTo("suite");
    assertThat(run.label()).isEqualTo("x");
    assertThat(run.concept()).isEqualTo("cat");
    assertThat(run.anchor()).isEqualTo("sky");
    assertThat(run.samples()).isEqualTo(4);
    assertThat(run.published()).containsExactly("1");
    assertThat(Objects.requireNonNull(run.baseline()).fingerprint()).isEqualTo("print of base");
    Summary.Set set = run.model().sets().get(2);
    assertThat(set.name()).isEqualTo("hound");
    assertThat(set.role()).isEqualTo(Role.KEPT);
    assertThat(set.prompt()).isEqualTo("a hound");
    assertThat(set.subject()).isEqualTo("dog");
  }

  @Test
  void everySetHasItsOwnAccuracy() {
    List<Summary.Set> sets = only(half("cat", "x"), null).model().sets();
    assertThat(sets).extracting(Summary.Set::name).containsExactly("cat", "dog", "hound", "kitty");
    assertThat(sets).extracting(Summary.Set::role).contains(Role.ERASED, Role.KEPT, Role.RELATED);
    assertThat(sets).extracting(Summary.Set::images).containsOnly(4);
    assertThat(sets.stream().map(s -> value(s.headline())))
        .containsExactly(50.0, 75.0, 100.0, 75.0);
    Summary.Accuracy closed = Objects.requireNonNull(sets.get(0).closed());
    assertThat(value(closed.probability())).isEqualTo(62.5, within(1e-9));
    assertThat(value(closed.top1())).isEqualTo(75);
    assertThat(sets).allSatisfy(set -> assertThat(set.value()).isNull());
  }

  @Test
  void aScorerThatIsNoClassifierHasOneKindOfFigures() {
    ModelRun run =
        run(
            CELEBRITY,
            "cat",
            "x",
            List.of(
                image(CAT, null, 0, 0, 0),
                image(CAT, "Someone", 1, 0, 0.8f),
                image(CAT, "cat", 2, 1, 0.9f),
                image(DOG, "dog", 1, 1, 0.9f),
                image(HOUND, "dog", 1, 1, 0.9f),
                image(HOUND, "x", 1, 0, 0.9f)));
    Summary.Model model = only(run, null).model();
    assertThat(model.views())
        .extracting(view -> view.name().toString())
        .containsExactly("top-1 among pictures with a face");
    Figures figures = model.views().get(0).figures();
    assertThat(value(figures.accE())).isEqualTo(50);
    // Over all images that are kept, not over the two sets.
    assertThat(value(figures.accS())).isEqualTo(200 / 3.0, within(1e-9));
    assertThat(figures.accG()).isNull();
    assertThat(figures.hO()).isNull();
    assertThat(model.numbers())
        .as("roles that have no picture are not spoken of")
        .containsExactly(
            new Quantity("faceless_erased", 1, null, null),
            new Quantity("faceless_kept", 0, null, null));
    assertThat(model.closed()).isNull();
    assertThat(value(model.sets().get(0).headline())).isEqualTo(50);
  }

  @Test
  void aClassifiersFidStandsBesideItsFigures() {
    FidResult fid = new FidResult(12.5, 2048, "a", "b", "c", "d");
    ModelRun run = run(classifier(), null, "x", images(DOG, "dog"), fid);
    Summary.Model model = only(run, null).model();
    assertThat(model.numbers()).containsExactly(new Quantity("fid", 12.5, null, null));
    assertThat(model.open()).isNotNull();
    run = run(classifier(), null, "x", images(DOG, "dog"));
    assertThat(only(run, null).model().quantities()).isNull();
  }

  @Test
  void theMeanOfAClipScoreHasAnIntervalAndFidHasNone() {
    Scoring clip =
        scoring(new Labels(List.of("clip_score"), 0), ScorerKind.CLIP_SCORE, MetricSet.MEAN);
    FidResult fid = new FidResult(12.5, 2048, "a", "b", "c", "d");
    ModelRun run = run(clip, null, "x", List.of(image(DOG, null, 20), image(DOG, null, 30)), fid);
    Summary.Model model = only(run, null).model();
    assertThat(model.views()).isEmpty();
    assertThat(model.numbers()).hasSize(2);
    Quantity score = model.numbers().get(0);
    assertThat(score).isEqualTo(new Quantity("clip_score", 25, 20.0, 30.0));
    assertThat(model.numbers().get(1)).isEqualTo(new Quantity("fid", 12.5, null, null));
  }

  @Test
  void detectionsAreCountedOverAllImages() {
    Scoring nudenet =
        scoring(new Labels(List.of("feet", "belly"), 0), ScorerKind.NUDENET, MetricSet.COUNTS);
    List<ScoredImage> images =
        List.of(image(DOG, null, 1, 2), image(DOG, null, 0, 0), image(DOG, null, 0, 1));
    Summary.Model model = only(run(nudenet, null, "x", images), null).model();
    assertThat(model.numbers())
        .extracting(Quantity::name, Quantity::value)
        .containsExactly(
            tuple("feet", 1.0),
            tuple("belly", 3.0),
            tuple("total_detections", 4.0),
            tuple("pictures_with_any", 2.0),
            tuple("pictures", 3.0));
    Quantity total = model.numbers().get(2);
    assertThat(total.low()).isEqualTo(0);
    assertThat(total.high()).isEqualTo(9);
  }

  @Test
  void twoConceptsOfOneLabelAreAveragedAndTheirBaselinesToo() {
    Summary summary =
        Summary.of(
            List.of(
                new ModelPair(half("cat", "x"), none("cat", "base")),
                new ModelPair(none("dog", "x"), half("dog", "base")),
                new ModelPair(half("cat", "other"), null)));
    assertThat(summary.averages()).extracting(Summary.Average::label).containsExactly("x");
    Summary.Average average = summary.averages().get(0);
    assertThat(average.concepts()).containsExactly("cat", "dog");
    assertThat(average.model().views())
        .extracting(view -> view.name().toString())
        .containsExactly("closed set", "closed set, top-1", "open set", "open set, top-1");
    Figures open = average.model().views().get(2).figures();
    assertThat(value(open.accE())).isEqualTo(75, within(1e-9));
    assertThat(value(open.accS())).isEqualTo(93.75, within(1e-9));
    assertThat(value(open.hO())).isEqualTo(Metrics.harmonic(50, 87.5, 75) / 2, within(1e-9));
    Figures baseline = Objects.requireNonNull(average.baseline()).views().get(3).figures();
    assertThat(value(baseline.accG())).isEqualTo(87.5, within(1e-9));
  }

  @Test
  void theMeanOfTheOriginalsIsTheirOwn() {
    Summary summary =
        Summary.of(
            List.of(
                new ModelPair(half("cat", "x"), none("cat", "base")),
                new ModelPair(half("dog", "x"), none("dog", "base"))));
    Summary.Average average = summary.averages().get(0);
    assertFigures(average.model().views().get(2).figures(), 50, 87.5, 75);
    Summary.AverageModel baseline = Objects.requireNonNull(average.baseline());
    assertFigures(baseline.views().get(2).figures(), 100, 100, 100);
  }

  @Test
  void figuresOfAScorerThatIsNoClassifierAreAveragedUnderItsName() {
    Scoring clip =
        scoring(new Labels(List.of("clip_score"), 0), ScorerKind.CLIP_SCORE, MetricSet.ERASURE);
    ModelRun cat = run(clip, "cat", "x", List.of(image(CAT, null, 20), image(DOG, null, 30)));
    ModelRun dog = run(clip, "dog", "x", List.of(image(CAT, null, 40), image(DOG, null, 10)));
    List<Summary.Average> averages = averages(cat, dog);
    assertThat(averages).hasSize(1);
    List<View> views = averages.get(0).model().views();
    assertThat(views).extracting(view -> view.name().toString()).containsExactly("CLIP score");
    assertThat(value(views.get(0).figures().accE())).isEqualTo(30, within(1e-9));
    assertThat(value(views.get(0).figures().accS())).isEqualTo(20, within(1e-9));
    assertThat(views.get(0).figures().accG()).isNull();
  }

  @Test
  void surveysRepeatsAndHalfABaselineAreNotAveraged() {
    assertThat(averages(none("cat", "x"), half("cat", "x"))).as("one concept twice").isEmpty();
    assertThat(averages(run(classifier(), null, "x", images(DOG, "dog")), none("cat", "x")))
        .as("a survey")
        .isEmpty();
    Summary summary =
        Summary.of(
            List.of(
                new ModelPair(half("cat", "x"), none("cat", "base")),
                new ModelPair(half("dog", "x"), null)));
    assertThat(summary.averages()).hasSize(1);
    assertThat(summary.averages().get(0).baseline()).isNull();
  }

  private static List<Summary.Average> averages(ModelRun one, ModelRun two) {
    return Summary.of(List.of(new ModelPair(one, null), new ModelPair(two, null))).averages();
  }

  @Test
  void jsonHoldsTheFiguresAndLeavesOutWhatIsNotThere() throws IOException {
    Summary summary = Summary.of(List.of(new ModelPair(half("cat", "x"), null)));
    JsonNode json = new ObjectMapper().readTree(summary.toJson());
    assertThat(json.path("schema").asText()).isEqualTo("realera-eval-summary/1");
    JsonNode model = json.path("runs").path(0).path("model");
    assertThat(model.at("/open/top1/acc_e/value").asDouble()).isEqualTo(50);
    assertThat(model.at("/open/top1/acc_e").has("point")).isFalse();
    assertThat(model.has("figures")).isFalse();
    assertThat(json.path("averages")).isEmpty();
  }
}
