package org.realera.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.run.ScoredImage.Measure;
import org.realera.eval.run.ScoredImage.Space;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;

class MetricsTest {
  private static final Labels LABELS = new Labels(List.of("cat", "dog", "sky"), 2);
  private static final ImageSet CAT = new ImageSet("cat", Role.ERASED, "cat", "cat", "a cat");
  private static final ImageSet DOG = new ImageSet("dog", Role.KEPT, "dog", "dog", "a dog");
  private static final ImageSet KITTY =
      new ImageSet("kitty", Role.RELATED, "kitty", "cat", "kitty");

  @Test
  void harmonicMeanIsThatOfThePaper() {
    assertThat(Metrics.harmonic(3.38, 96.18, 8.87)).isEqualTo(94.58, within(0.005));
    assertThat(Metrics.harmonic(100, 96.18, 8.87)).isZero();
    assertThat(Metrics.harmonic(0, 0, 0)).isZero();
  }

  @Test
  void closedSetIgnoresTheScenesAndOpenSetDoesNot() {
    ScoredImage emptySky = image(CAT, 0, 20, 19, 30);
    assertThat(emptySky.percent(LABELS, Space.CLOSED, Measure.PROBABILITY))
        .isEqualTo(100 / (1 + Math.exp(-1)), within(1e-4));
    assertThat(emptySky.percent(LABELS, Space.CLOSED, Measure.TOP1)).isEqualTo(100);
    assertThat(emptySky.percent(LABELS, Space.OPEN, Measure.PROBABILITY)).isLessThan(0.01);
    assertThat(emptySky.percent(LABELS, Space.OPEN, Measure.TOP1)).isZero();
  }

  private static Figures figures(List<ScoredImage> images) {
    return Metrics.Sample.of(images, Reading.classes(LABELS, Space.CLOSED, Measure.TOP1), "")
        .figures();
  }

  @Test
  void synonymsCountForTheClassTheyMean() {
    ScoredImage kitty = image(KITTY, 0, 30, 10, 10);
    assertThat(kitty.percent(LABELS, Space.CLOSED, Measure.TOP1)).isEqualTo(100);
  }

  @Test
  void intervalsHoldTheFigureAndAreTheSameEveryTime() {
    List<ScoredImage> images = images(200);
    Figures first = figures(images);
    assertThat(first).isEqualTo(figures(images));
    Interval accS = Objects.requireNonNull(first.accS());
    // 70 % of 200: the normal approximation gives 70 +- 1.96 sqrt(0.7 0.3 / 200) = 63.6 .. 76.4.
    assertThat(accS.value()).isEqualTo(70, within(1e-9));
    assertThat(accS.low()).isEqualTo(63.6, within(1.0));
    assertThat(accS.high()).isEqualTo(76.4, within(1.0));
    Interval hO = Objects.requireNonNull(first.hO());
    assertThat(hO.low()).isLessThan(hO.value());
    assertThat(hO.high()).isGreaterThan(hO.value());
  }

  @Test
  void averageHarmonicMeanIsTheMeanOfHarmonicMeans() {
    List<ScoredImage> good =
        List.of(image(CAT, 0, 0, 90, 0), image(DOG, 0, 0, 90, 0), image(KITTY, 0, 0, 90, 0));
    List<ScoredImage> bad =
        List.of(image(CAT, 0, 90, 0, 0), image(DOG, 0, 0, 90, 0), image(KITTY, 0, 90, 0, 0));
    Figures average =
        Metrics.average(
            List.of(
                Metrics.Sample.of(good, Reading.classes(LABELS, Space.CLOSED, Measure.TOP1), "a"),
                Metrics.Sample.of(bad, Reading.classes(LABELS, Space.CLOSED, Measure.TOP1), "b")));
    assertThat(Objects.requireNonNull(average.hO()).value()).isEqualTo(50);
    assertThat(Objects.requireNonNull(average.accE()).value()).isEqualTo(50);
  }

  /** Draws that do not hang together average out: two runs halve the variance. */
  @Test
  void anAverageOfTwoRunsHasANarrowerInterval() {
    List<ScoredImage> images = images(200);
    Reading reading = Reading.classes(LABELS, Space.CLOSED, Measure.TOP1);
    Metrics.Sample one = Metrics.Sample.of(images, reading, "suite/cat");
    Metrics.Sample two = Metrics.Sample.of(images, reading, "suite/dog");
    double single = width(one.figures().accS());
    assertThat(width(Metrics.average(List.of(one, one)).accS())).isEqualTo(single, within(1e-9));
    Figures average = Metrics.average(List.of(one, two));
    assertThat(width(average.accS())).isEqualTo(single / Math.sqrt(2), within(0.1 * single));
    Interval accS = Objects.requireNonNull(average.accS());
    assertThat(accS.value()).isEqualTo(70, within(1e-9)).isBetween(accS.low(), accS.high());
  }

  /** Concepts of one suite are drawn apart, or their mean would be no surer than one of them. */
  @Test
  void theMeanOfTwoConceptsHasANarrowerIntervalThanEither() {
    ModelRun cat = ScoredRuns.run(ScoredRuns.classifier(), "cat", "x", images(50));
    ModelRun dog = ScoredRuns.run(ScoredRuns.classifier(), "dog", "x", images(50));
    Reading reading = Reading.classes(LABELS, Space.CLOSED, Measure.TOP1);
    Metrics.Sample one = Metrics.Sample.of(cat, reading);
    Metrics.Sample two = Metrics.Sample.of(dog, reading);
    // 70 % of 50: the normal approximation gives 70 +- 1.96 sqrt(0.7 0.3 / 50), a width of 25.4,
    // and 18.0 for twice as many.
    assertThat(width(one.figures().accS())).isEqualTo(25.4, within(1.5));
    assertThat(width(two.figures().accS())).isEqualTo(25.4, within(1.5));
    assertThat(width(Metrics.average(List.of(one, two)).accS())).isEqualTo(18.0, within(1.5));
    assertThat(Metrics.Sample.of(cat, reading).figures()).isEqualTo(one.figures());
  }

  private static double width(@Nullable Interval interval) {
    return Objects.requireNonNull(interval).high() - interval.low();
  }

  @Test
  void whatOneRunHasNotTheAverageHasNot() {
    Reading reading = Reading.classes(LABELS, Space.CLOSED, Measure.TOP1);
    List<ScoredImage> all = images(10);
    List<ScoredImage> kept = all.stream().filter(i -> i.set().equals(DOG)).toList();
    Figures average =
        Metrics.average(
            List.of(Metrics.Sample.of(all, reading, "a"), Metrics.Sample.of(kept, reading, "b")));
    assertThat(average.accE()).isNull();
    assertThat(average.accG()).isNull();
    assertThat(average.hO()).isNull();
    assertThat(Objects.requireNonNull(average.accS()).value()).isEqualTo(70, within(1e-9));
  }

  @Test
  void theMeanOfImagesHasTheIntervalOfABootstrap() {
    Interval mean =
        Objects.requireNonNull(
            Metrics.mean(
                images(200),
                image ->
                    image.set().equals(DOG)
                        ? OptionalDouble.of(image.percent(LABELS, Space.CLOSED, Measure.TOP1))
                        : OptionalDouble.empty()));
    assertThat(mean.value()).isEqualTo(70, within(1e-9));
    assertThat(mean.low()).isEqualTo(63.6, within(1.0));
    assertThat(mean.high()).isEqualTo(76.4, within(1.0));
    assertThat(mean.isPoint()).isFalse();
    assertThat(Metrics.mean(images(1), image -> OptionalDouble.empty())).isNull();
    Interval same = Objects.requireNonNull(Metrics.mean(images(9), image -> OptionalDouble.of(7)));
    assertThat(same).isEqualTo(new Interval(7, 7, 7));
    assertThat(same.isPoint()).isTrue();
  }

  @Test
  void withoutErasedImagesThereIsNoHarmonicMean() {
    Figures figures = figures(List.of(image(DOG, 0, 0, 9, 0)));
    assertThat(figures.hO()).isNull();
    assertThat(figures.accE()).isNull();
    assertThat(Objects.requireNonNull(figures.accS()).value()).isEqualTo(100);
  }

  @Test
  void percentilesAreInterpolated() {
    assertThat(Metrics.percentile(new double[] {0, 1, 2, 3}, 0.5)).isEqualTo(1.5);
    assertThat(Metrics.percentile(new double[] {7}, 0.975)).isEqualTo(7);
  }

  private static List<ScoredImage> images(int perSet) {
    List<ScoredImage> images = new ArrayList<>();
    for (int i = 0; i < perSet; i++) {
      images.add(image(CAT, i, i % 10 == 0 ? 90 : 0, 50, 0));
      images.add(image(DOG, i, i % 10 < 3 ? 90 : 0, 50, 0));
      images.add(image(KITTY, i, i % 5 == 0 ? 90 : 0, 50, 0));
    }
    return images;
  }

  private static ScoredImage image(ImageSet set, long seed, float cat, float dog, float sky) {
    return new ScoredImage(
        set, set.prompt(), seed, set.name() + seed, "", List.of(cat, dog, sky), null);
  }
}
