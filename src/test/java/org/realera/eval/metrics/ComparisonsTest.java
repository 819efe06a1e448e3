package org.realera.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.realera.eval.metrics.ScoredRuns.CAT;
import static org.realera.eval.metrics.ScoredRuns.DOG;
import static org.realera.eval.metrics.ScoredRuns.KITTY;
import static org.realera.eval.metrics.ScoredRuns.all;
import static org.realera.eval.metrics.ScoredRuns.classifier;
import static org.realera.eval.metrics.ScoredRuns.image;
import static org.realera.eval.metrics.ScoredRuns.images;
import static org.realera.eval.metrics.ScoredRuns.run;
import static org.realera.eval.metrics.ScoredRuns.scoring;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.run.MethodCost;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunInfo.Scoring;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;

class ComparisonsTest {
  private static final ImageSet TABBY =
      new ImageSet("tabby", Role.SUBTYPE, "tabby", "cat", "tabby");

  @TempDir private Path folder;

  private ModelRun made(String method, @Nullable Double seconds, List<ScoredImage> images) {
    return made(classifier(), method, seconds, images);
  }

  private ModelRun made(
      Scoring scoring, String method, @Nullable Double seconds, List<ScoredImage> images) {
    Path root = folder.resolve("cat-" + method);
    MethodCost.of(method, method, null, seconds, 10L, null, 2L).write(root);
    ModelRun run = run(scoring, "cat", method, images);
    return new ModelRun(run.info(), run.images(), List.of(root), null);
  }

  private static List<ScoredImage> seen(String[] dogs, String[] kitties) {
    return all(images(CAT, "sky"), images(DOG, dogs), images(KITTY, kitties));
  }

  private static String[] of(int right, String name, String other) {
    String[] seen = new String[4];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = i < right ? name : other;
    }
    return seen;
  }

  private ModelPair method(String name, int dogsKept, int kittiesLeft) {
    List<ScoredImage> images = seen(of(dogsKept, "dog", "sky"), of(kittiesLeft, "cat", "sky"));
    ModelRun before =
        run(classifier(), "cat", "original", seen(of(4, "dog", "sky"), of(4, "cat", "sky")));
    return new ModelPair(made(name, 1.5, images), before);
  }

  private static Comparison compared(List<ModelPair> pairs) {
    List<ModelPair> ordered = Comparison.ordered(pairs).orElseThrow();
    return Comparison.of(ordered, Summary.of(ordered));
  }

  @Test
  void methodsStandInTheirOwnOrderBelowTheOriginalWhereverTheyCameFrom() {
    Comparison comparison =
        compared(
            List.of(
                method("sld-max", 4, 4),
                method("unheard-of", 4, 4),
                method("uce", 3, 0),
                method("realera", 4, 0)));
    assertThat(comparison.methods())
        .extracting(Method::method)
        .containsExactly("original", "realera", "uce", "sld-max", "unheard-of");
    assertThat(comparison.runs())
        .extracting(Summary.Run::label)
        .containsExactly("realera", "uce", "sld-max", "unheard-of");
    Method original = comparison.methods().get(0);
    assertThat(original.cost()).isNull();
    assertThat(original.front()).isEmpty();
    assertThat(Objects.requireNonNull(original.headline().figures().accG()).value())
        .isEqualTo(100, within(1e-9));
  }

  @Test
  void onTheFrontIsWhomNoOtherBeats() {
    Comparison comparison =
        compared(
            List.of(
                method("realera", 3, 0), // leaves least
                method("uce", 4, 2), // keeps most
                method("rece", 3, 1), // beaten by realera
                method("oce", 3, 0), // equal to realera: neither beats the other
                method("sa", 2, 0))); // beaten by realera
    assertThat(comparison.methods().stream().filter(m -> m.isOnFront(ViewName.OPEN_SET)))
        .extracting(Method::method)
        .containsExactly("realera", "uce", "oce");
  }

  /** Where only classes count, the sky is half a cat. */
  @Test
  void theFrontOfEachViewIsOfItsOwnFigures() {
    Comparison comparison =
        compared(
            List.of(
                new ModelPair(made("realera", 1.0, kitties("sky", "sky", "sky", "sky")), null),
                new ModelPair(made("uce", 1.0, kitties("cat", "dog", "dog", "dog")), null)));
    assertThat(onFront(comparison, ViewName.OPEN_SET)).containsExactly("realera");
    assertThat(onFront(comparison, ViewName.CLOSED_SET)).containsExactly("uce");
  }

  private static List<ScoredImage> kitties(String... seen) {
    return seen(of(4, "dog", "sky"), seen);
  }

  private static List<String> onFront(Comparison comparison, ViewName view) {
    return comparison.methods().stream()
        .filter(method -> method.isOnFront(view))
        .map(Method::method)
        .toList();
  }

  /** Without Acc_g nobody could be beaten, and all would be best. */
  @Test
  void withoutSynonymsNoneIsOnTheFront() {
    List<ScoredImage> two = all(images(CAT, "sky"), images(DOG, "dog"));
    Comparison comparison =
        compared(
            List.of(
                new ModelPair(made("realera", 1.0, two), null),
                new ModelPair(made("uce", 1.0, two), null)));
    assertThat(comparison.methods()).hasSize(2);
    for (Method method : comparison.methods()) {
      assertThat(method.headline().figures().accS()).isNotNull();
      assertThat(method.front()).as(method.method()).isEmpty();
    }
  }

  @Test
  void whatIsNoClassifierHasAFrontToo() {
    Comparison comparison =
        compared(List.of(clip("realera", 30, 20), clip("uce", 25, 22), clip("sa", 31, 24)));
    ViewName score = comparison.methods().get(0).headline().name();
    assertThat(score).hasToString("CLIP score");
    assertThat(onFront(comparison, score)).containsExactly("realera", "sa");
  }

  private ModelPair clip(String method, float dog, float kitty) {
    List<ScoredImage> images =
        List.of(image(CAT, null, 15), image(DOG, null, dog), image(KITTY, null, kitty));
    Labels column = new Labels(List.of("clip_score"), 0);
    Scoring scoring = scoring(column, ScorerKind.CLIP_SCORE, MetricSet.ERASURE);
    return new ModelPair(made(scoring, method, 1.0, images), null);
  }

  @Test
  void costsAreThoseOfAConceptAndUnknownUnlessAllSayThem() {
    Comparison comparison = compared(List.of(method("uce", 4, 0)));
    assertThat(comparison.methods().get(1).cost())
        .isEqualTo(new Comparison.Cost(1.5, 10.0, null, 2.0));
  }

  /** Of memory the most of all concepts, of all else the mean. */
  @Test
  void costsOfSeveralConceptsAreMeansButMemoryIsTheMost() {
    Comparison comparison =
        compared(
            List.of(
                costing("cat", MethodCost.of("uce", "UCE", null, 1.0, 10L, 3_000_000L, 2L)),
                costing("dog", MethodCost.of("uce", "UCE", null, 2.0, 30L, 2_000_000L, 8L))));
    assertThat(comparison.methods()).hasSize(1);
    assertThat(comparison.methods().get(0).title()).isEqualTo("UCE");
    assertThat(comparison.methods().get(0).concepts()).containsExactly("cat", "dog");
    assertThat(comparison.methods().get(0).cost())
        .isEqualTo(new Comparison.Cost(1.5, 20.0, 3e6, 5.0));
  }

  @Test
  void whoKeepsMuchMoreAndLeavesALittleMoreBeatsNobody() {
    Comparison comparison = compared(List.of(method("realera", 1, 0), method("uce", 4, 1)));
    assertThat(comparison.methods().stream().filter(m -> m.isOnFront(ViewName.OPEN_SET)))
        .extracting(Method::method)
        .containsExactly("realera", "uce");
  }

  @Test
  void figuresAreMeansOverTheConcepts() {
    Comparison comparison =
        compared(
            List.of(
                concept("cat", "uce", 4, 0, true),
                concept("dog", "uce", 1, 2, true),
                concept("cat", "rece", 2, 1, true)));
    assertThat(comparison.methods())
        .extracting(Method::method, Method::concepts)
        .containsExactly(
            tuple("original", List.of("cat", "dog")),
            tuple("uce", List.of("cat", "dog")),
            tuple("rece", List.of("cat")));
    assertFigures(comparison.methods().get(0), 100, 100);
    assertFigures(comparison.methods().get(1), 62.5, 25);
    assertFigures(comparison.methods().get(2), 50, 25);
  }

  /** The original's mean over fewer concepts would be of other images. */
  @Test
  void anOriginalThatWasNotMeasuredBesideAllConceptsHasNoRow() {
    Comparison comparison =
        compared(List.of(concept("cat", "uce", 4, 0, true), concept("dog", "uce", 1, 2, false)));
    assertThat(comparison.methods()).extracting(Method::method).containsExactly("uce");
  }

  @Test
  void conceptsStandInTheOrderOfTheSuite() {
    Labels dogsFirst = new Labels(List.of("dog", "cat", "sky"), 2);
    List<ModelPair> pairs = new ArrayList<>();
    for (String concept : List.of("cat", "dog")) {
      Path root = folder.resolve(concept);
      MethodCost.of("uce", "UCE", null, null, null, null, null).write(root);
      ModelRun run =
          run(
              scoring(dogsFirst, ScorerKind.CLIP_CLASSIFIER, MetricSet.ERASURE),
              concept,
              "UCE",
              seen(of(4, "dog", "sky"), of(4, "cat", "sky")));
      pairs.add(new ModelPair(new ModelRun(run.info(), run.images(), List.of(root), null), null));
    }
    assertThat(Comparison.ordered(pairs).orElseThrow())
        .extracting(pair -> pair.model().info().concept())
        .containsExactly("dog", "cat");
  }

  private static void assertFigures(Method method, double accS, double accG) {
    Figures open = method.headline().figures();
    assertThat(Objects.requireNonNull(open.accS()).value()).isEqualTo(accS, within(1e-9));
    assertThat(Objects.requireNonNull(open.accG()).value()).isEqualTo(accG, within(1e-9));
  }

  private ModelPair concept(
      String concept, String method, int dogsKept, int kittiesLeft, boolean besideOriginal) {
    Path root = folder.resolve(concept + "-" + method);
    MethodCost.of(method, method, null, null, null, null, null).write(root);
    ModelRun run =
        run(
            classifier(),
            concept,
            method,
            seen(of(dogsKept, "dog", "sky"), of(kittiesLeft, "cat", "sky")));
    ModelRun before =
        run(classifier(), concept, "original", seen(of(4, "dog", "sky"), of(4, "cat", "sky")));
    return new ModelPair(
        new ModelRun(run.info(), run.images(), List.of(root), null),
        besideOriginal ? before : null);
  }

  private ModelPair costing(String concept, MethodCost cost) {
    Path root = folder.resolve(concept);
    cost.write(root);
    ModelRun run =
        run(classifier(), concept, "UCE", seen(of(4, "dog", "sky"), of(4, "cat", "sky")));
    return new ModelPair(new ModelRun(run.info(), run.images(), List.of(root), null), null);
  }

  @Test
  void runsThatNoComparisonMadeOrThatAreThereTwiceAreNone() {
    ModelRun plain = run(classifier(), "cat", "x", seen(of(4, "dog", "sky"), of(4, "cat", "sky")));
    assertThat(Comparison.ordered(List.of(method("uce", 4, 0), new ModelPair(plain, null))))
        .isEmpty();
    assertThat(Comparison.ordered(List.of(method("uce", 4, 0), method("uce", 3, 0)))).isEmpty();
  }

  @Test
  void subtypesAreASecondGeneralityThatLeavesAllOtherFiguresAlone() {
    List<ScoredImage> some = seen(of(3, "dog", "sky"), of(1, "cat", "sky"));
    Summary.Model without = Summaries.model(run(classifier(), "cat", "x", some));
    Summary.Model with =
        Summaries.model(
            run(classifier(), "cat", "x", all(some, images(TABBY, of(3, "cat", "sky")))));
    assertThat(with.views().subList(0, 4)).isEqualTo(without.views());
    assertThat(with.views().subList(4, 6))
        .extracting(view -> view.name().toString())
        .containsExactly("closed set, subtypes", "open set, subtypes");
    Figures open = without.views().get(2).figures();
    Figures subtypes = with.views().get(5).figures();
    assertThat(subtypes.accE()).isEqualTo(open.accE());
    assertThat(subtypes.accS()).isEqualTo(open.accS());
    assertThat(Objects.requireNonNull(subtypes.accG()).value()).isEqualTo(75, within(1e-9));
    assertThat(Objects.requireNonNull(subtypes.hO()).value())
        .isEqualTo(Metrics.harmonic(0, 75, 75), within(1e-9));
  }
}
