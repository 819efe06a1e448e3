package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.eval.metrics.ScoredRuns.CAT;
import static org.realera.eval.metrics.ScoredRuns.DOG;
import static org.realera.eval.report.DrawnRuns.seen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.eval.metrics.ScoredRuns;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.metrics.TwoMethods;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunInfo;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;
import org.realera.report.EvalPage;
import org.realera.report.EvalPage.Reading;
import org.realera.report.HeatTable;
import org.realera.report.Row;

/** Which run's figures, images and settings stand under which heading of a page. */
class ReportPageRunsTest {
  private static final String[] FIVE = {"90 5 5", "90 5 5", "90 5 5", "90 5 5", "90 5 5"};

  @TempDir private Path folder;
  private DrawnRuns runs;

  @BeforeEach
  void runsOnTheCat() {
    runs = new DrawnRuns(folder, "cat", 5);
  }

  private ModelPair pair(String label) throws IOException {
    ModelRun model = runs.run(label, seen(CAT, FIVE), seen(DOG, FIVE));
    return new ModelPair(model, runs.run("before", seen(CAT, FIVE), seen(DOG, FIVE)));
  }

  private static Summary summary(Summary.Run... all) {
    return new Summary("realera-eval-summary/1", List.of(all), List.of());
  }

  private static Summary.Run cat(String label, int model) {
    return TwoMethods.run(label, "cat", model, 6);
  }

  private static void assertIsOf(EvalPage.Run run, String label, String left, int images) {
    assertThat(run.verdict()).startsWith("“cat” is gone (" + left + " % left)");
    assertThat(run.figures().get(1).name()).isEqualTo(label);
    assertThat(run.settings().get(1).text()).startsWith("model of " + label + ", weights");
    assertThat(Objects.requireNonNull(run.images()).cards().get(0).strips().get(1).alt())
        .isEqualTo(images + " pictures, a cat, seeds 0 to " + (images - 1) + " After");
  }

  @Test
  void severalRunsEachHaveTheirOwnUnderTheirLabel() throws IOException {
    EvalPage page =
        ReportPage.of(
            summary(cat("Quick", 7), cat("Thorough", 8)), List.of(pair("Quick"), pair("Thorough")));
    assertThat(page.title()).isEqualTo("2 evaluations");
    assertThat(page.runs())
        .extracting(EvalPage.Run::heading)
        .containsExactly("Erasing cat → sky · Quick", "Erasing cat → sky · Thorough");
    assertIsOf(page.runs().get(0), "Quick", "7.3", 4);
    assertIsOf(page.runs().get(1), "Thorough", "8.3", 4);
    assertThat(Objects.requireNonNull(page.overview()).figures())
        .noneMatch(row -> row.name().equals("Original model"));
  }

  @Test
  void aRunAloneHasThePageAndMoreImages() throws IOException {
    EvalPage page = ReportPage.of(summary(cat("Quick", 7)), List.of(pair("Quick")));
    assertThat(page.title()).isEqualTo("Erasing cat → sky");
    assertThat(page.overview()).isNull();
    EvalPage.Run run = page.runs().get(0);
    assertIsOf(run, "Quick", "7.3", 5);
    assertThat(run.bars()).isNotNull();
    assertThat(run.numbers()).isNull();
    assertThat(run.explicit()).isNull();
    assertThat(page.readings()).containsExactly(Reading.CLASSIFIER);
    assertThat(page.classified()).isTrue();
  }

  @Test
  void anAblationSaysWhatWasErased() throws IOException {
    EvalPage page =
        ReportPage.ablation(
            summary(cat("Quick", 7), cat("Thorough", 8)),
            List.of(pair("Quick"), pair("Thorough")),
            List.of(new HeatMap("M and N", "M", List.of(), "N", List.of("50"), List.of())));
    assertThat(page.maps()).extracting(HeatTable::title).containsExactly("M and N");
    assertThat(page.title()).isEqualTo("What each part does: erasing cat");
    assertThat(Objects.requireNonNull(page.overview()).figures())
        .anyMatch(row -> row.name().equals("Original model"));
  }

  @Test
  void aSurveyIsCalledByItsLabel() throws IOException {
    runs = new DrawnRuns(folder, null, 5);
    Summary.Run survey =
        new Summary.Run("suite", "Quick", null, null, 5, List.of(), TwoMethods.model(7), null);
    assertThat(ReportPage.of(summary(survey), List.of(pair("Quick"))).title())
        .isEqualTo("Quick: survey");
  }

  /** A page of explicit pictures would be one itself. */
  @Test
  void aRunOfCountsHasItsNumbersAndTheirTableAndNoImages() {
    RunInfo of =
        ScoredRuns.run(
                ScoredRuns.scoring(
                    new Labels(List.of("belly"), 0), ScorerKind.NUDENET, MetricSet.COUNTS),
                null,
                "Quick",
                ScoredRuns.images(CAT, "cat"))
            .info();
    RunInfo info =
        new RunInfo(
            of.schema(),
            of.tool(),
            of.suite(),
            of.label(),
            of.model(),
            of.modelFingerprint(),
            null,
            null,
            of.sets(),
            of.samples(),
            of.sampler(),
            null,
            null,
            of.batch(),
            of.device(),
            of.dtype(),
            of.shard(),
            List.of("2"),
            of.scoring());
    List<Quantity> quantities = List.of(new Quantity("belly", 12, 9.0, 16.0));
    Summary.Model counts =
        new Summary.Model("print", null, null, List.of(), null, null, quantities, null);
    Summary.Run run = new Summary.Run("explicit", "Quick", null, null, 1, List.of(), counts, null);
    ModelRun only = new ModelRun(info, List.of(), List.of(), null);
    EvalPage page = ReportPage.of(summary(run), List.of(new ModelPair(only, null)));
    EvalPage.Run shown = page.runs().get(0);
    assertThat(shown.images()).isNull();
    assertThat(shown.bars()).isNull();
    assertThat(Objects.requireNonNull(shown.numbers()).rows())
        .extracting(Row::name)
        .containsExactly("belly");
    assertThat(Objects.requireNonNull(shown.explicit()).rows()).isNotEmpty();
    assertThat(page.readings()).containsExactly(Reading.NUDENET);
    assertThat(page.classified()).isFalse();
  }

  @Test
  void imagesThatAreAllTheSameAreToldBeforeTheVerdict() throws IOException {
    ModelPair pair = pair("Quick");
    byte[] same = Files.readAllBytes(folder.resolve("Quick/cat/0.png"));
    for (int i = 0; i < 5; i++) {
      Files.write(folder.resolve("Quick/cat/" + i + ".png"), same);
      Files.write(folder.resolve("Quick/dog/" + i + ".png"), same);
    }
    EvalPage page = ReportPage.of(summary(cat("Quick", 7)), List.of(pair));
    assertThat(page.runs().get(0).verdict())
        .startsWith("All 10 pictures are the same: the figures say nothing. “cat” is gone");
  }
}
