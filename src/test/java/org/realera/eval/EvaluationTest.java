package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.UsersLanguage;
import org.realera.chaos.FailingDisk;
import org.realera.checkpoint.ModelRef;
import org.realera.diffusion.ImageRequest;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;

/** What an evaluation finds. */
class EvaluationTest extends RunsOfThreeClasses {
  @Test
  void aPerfectErasureOfTheBareWordIsMeasuredAsSuch() {
    EvalResult result = run("run", "no-cat", "cat", 4, Shard.WHOLE);
    Summary.Model model = Objects.requireNonNull(result.summary()).runs().get(0).model();
    // Open set: cat images are skies, dogs and ships are kept, kitty is no label of its own.
    Figures open = Objects.requireNonNull(model.open()).top1();
    assertThat(value(open.accE())).isZero();
    assertThat(value(open.accS())).isEqualTo(100);
    // Closed set: a sky fits none of the classes better than another.
    assertThat(value(closed(model.closed()).accE())).isEqualTo(100 / 3.0, within(1e-9));
    assertThat(result.drawn()).isEqualTo(16);
  }

  /** It is what took the concept's place, and so a label of the open set. */
  @Test
  void theAnchorIsTheOneAskedForOrElseTheSuites() throws IOException {
    run("run", "no-cat", "cat", 2, Shard.WHOLE);
    assertThat(anchor()).isEqualTo("sky");
    assertThat(labels()).containsExactly("cat", "dog", "ship", "sky", "sea");
    Ask lawn = ask("no-cat", "cat", 2, Shard.WHOLE, "no-cat", null).anchor("lawn");
    EvalResult result = new Evaluation(backend, Progress.NONE).run(lawn.to(at("run")));
    assertThat(result.drawn()).as("the pictures are the same").isZero();
    assertThat(anchor()).isEqualTo("lawn");
    assertThat(labels()).containsExactly("cat", "dog", "ship", "lawn", "sky", "sea");
    assertThat(Files.readString(Objects.requireNonNull(result.report())))
        .contains("Erasing cat → lawn");
  }

  @Test
  void anAnchorThatIsTheConceptItselfIsRefusedInAnyLetters() {
    Ask self = ask("no-cat", "cat", 2, Shard.WHOLE, "no-cat", null).anchor("Cat");
    assertRefused(
        () -> new Evaluation(backend, Progress.NONE).run(self.to(at("run"))),
        "the anchor is \"Cat\", the concept itself");
    assertThat(at("run")).doesNotExist();
  }

  private @Nullable String anchor() {
    return RunFiles.readRun(at("run")).orElseThrow().anchor();
  }

  private List<String> labels() {
    return RunFiles.readRun(at("run")).orElseThrow().labels().names();
  }

  @Test
  void theReportIsOneFileThatNeedsNoOther() throws IOException {
    EvalResult result = run("run", "no-cat", "cat", 4, Shard.WHOLE);
    String html = Files.readString(Objects.requireNonNull(result.report()));
    assertThat(html)
        .contains("Erasing cat → sky", "a photo of the kitty", "data:image/")
        .doesNotContain("<script", "http://", "https://", "{{");
  }

  @ParameterizedTest
  @ValueSource(strings = {UsersLanguage.ARABIC, UsersLanguage.TURKISH, UsersLanguage.THAI})
  void theUsersLanguageChangesNoByte(String language) throws IOException {
    run("ours", "no-cat", "cat", 4, Shard.WHOLE);
    backend = new FakeBackend();
    try (UsersLanguage users = new UsersLanguage(language)) {
      run("theirs", "no-cat", "cat", 4, Shard.WHOLE);
    }
    assertThat(bytes("theirs")).containsKeys("report.html", "run.json").isEqualTo(bytes("ours"));
  }

  @Test
  void anEarlierSurveyServesAsBaseline() {
    run("survey", "base", null, 4, Shard.WHOLE);
    backend = new FakeBackend();
    EvalResult result =
        new Evaluation(backend, Progress.NONE)
            .run(request("run", "no-cat", "cat", 4, Shard.WHOLE, "no-cat", at("survey")));
    assertThat(backend.painted).isEqualTo(16);
    Summary.Run run = Objects.requireNonNull(result.summary()).runs().get(0);
    Summary.Model baseline = Objects.requireNonNull(run.baseline());
    assertThat(value(Objects.requireNonNull(baseline.open()).top1().accE())).isEqualTo(100);
    assertThat(value(Objects.requireNonNull(run.model().open()).top1().accE())).isZero();
    assertThat(baseline.fingerprint()).isEqualTo(backend.fingerprint(Path.of("base")));
    assertThat(run.model().fingerprint()).isEqualTo(backend.fingerprint(Path.of("no-cat")));
  }

  @Test
  void aBaselineOfOtherSettingsIsRefused() {
    run("survey", "base", null, 2, Shard.WHOLE);
    assertRefused(
        () ->
            new Evaluation(backend, Progress.NONE)
                .run(request("run", "no-cat", "cat", 4, Shard.WHOLE, "no-cat", at("survey"))),
        "2 samples there, 4 here");
  }

  @Test
  void manyRunsAreAveragedByLabel() {
    run("cat", "no-cat", "cat", 4, Shard.WHOLE, "full");
    run("dog", "no-dog", "dog", 4, Shard.WHOLE, "full");
    Summary summary = EvalReport.write(List.of(at("cat"), at("dog")), at("page")).summary();
    assertThat(summary.averages()).hasSize(1);
    assertThat(summary.averages().get(0).concepts()).containsExactly("cat", "dog");
    double mean =
        summary.runs().stream()
            .mapToDouble(r -> value(closed(r.model().closed()).hO()))
            .average()
            .orElseThrow();
    assertThat(value(closed(summary.averages().get(0).model().closed()).hO()))
        .isEqualTo(mean, within(1e-9));
  }

  @Test
  void anOriginalOfAnEarlierStateOfTheRunIsNotReportedBesideIt() {
    EvalRequest both = request("run", "no-cat", "cat", 2, Shard.WHOLE, "no-cat", Path.of("base"));
    new Evaluation(backend, Progress.NONE).run(both);
    Summary whole = EvalReport.write(List.of(at("run")), at("page")).summary();
    assertThat(whole.runs().get(0).baseline()).isNotNull();
    run("run", "no-cat", "cat", 4, Shard.WHOLE);
    assertRefused(
        () -> EvalReport.write(List.of(at("run")), at("page")),
        "baseline was not made as the run that it stands beside: samples 2 there, 4 here");
  }

  /** Until new scores are there, the old ones stand beside the name of their own scorer. */
  @Test
  void scoresAreNeverTakenForThoseOfAnotherScorer() {
    run("run", "no-cat", "cat", 2, Shard.WHOLE);
    EvalRequest other =
        ask("no-cat", "cat", 2, Shard.WHOLE, "no-cat", null)
            .scorer(new ModelRef("other", Path.of("other")))
            .to(at("run"));
    backend.failsToScore = true;
    assertThatThrownBy(() -> new Evaluation(backend, Progress.NONE).run(other))
        .hasMessage("killed");
    assertThat(scorer()).isEqualTo("pocket");
    backend.failsToScore = false;
    new Evaluation(backend, Progress.NONE).run(other);
    assertThat(scorer()).isEqualTo("other");
  }

  /** Wherever the disk fails. */
  @Test
  void noScoresLieBesideTheNameOfAnotherScorer() throws IOException {
    Path scores = at("run").resolve(RunFiles.IMAGES);
    boolean failed = true;
    for (int n = 1; failed; n++) { // until a run makes no more renames than that
      run("run", "no-cat", "cat", 2, Shard.WHOLE);
      Files.writeString(scores, "old");
      FailingDisk disk = new FailingDisk(folder);
      EvalRequest other =
          ask("no-cat", "cat", 2, Shard.WHOLE, "no-cat", null)
              .scorer(new ModelRef("other", Path.of("other")))
              .to(disk.path(at("run")));
      disk.fail(FailingDisk.Operation.RENAME, n, true);
      try {
        new Evaluation(backend, Progress.NONE).run(other);
      } catch (RealeraException e) {
        assertThat(e).hasMessageContaining("Input/output error");
      }
      failed = disk.heal();
      assertThat(failed || n > 2).isTrue();
      if (RunFiles.readRun(at("run")).orElseThrow().scoring().scorer().equals("other")) {
        assertThat(!Files.exists(scores) || !Files.readString(scores).equals("old"))
            .as("rename " + n)
            .isTrue();
      }
    }
  }

  private String scorer() {
    return EvalReport.write(List.of(at("run")), at("page")).summary().runs().size() == 1
        ? RunFiles.readRun(at("run")).orElseThrow().scoring().scorer()
        : "";
  }

  @Test
  void severalRunsOfOneConceptAreAnAblationOnlyAsVariants() throws IOException {
    run("one", "no-cat", "cat", 2, Shard.WHOLE, "theirs");
    run("two", "no-cat", "cat", 2, Shard.WHOLE, "ours");
    EvalReport.write(List.of(at("one"), at("two")), at("page"));
    assertThat(Files.readString(at("page").resolve(RunFiles.REPORT)))
        .contains("<h1>2 evaluations</h1>")
        .doesNotContain("What each part does", "automobile");
    run("three", "no-cat", "cat", 2, Shard.WHOLE, "1 closed form");
    run("four", "no-cat", "cat", 2, Shard.WHOLE, "full");
    EvalReport.write(List.of(at("three"), at("four")), at("page"));
    assertThat(Files.readString(at("page").resolve(RunFiles.REPORT)))
        .contains("<h1>What each part does: erasing cat</h1>");
  }

  @Test
  void runsThatWereNotMadeAlikeAreNotAveragedAndThePageSaysSo() throws IOException {
    run("cat", "no-cat", "cat", 4, Shard.WHOLE, "full");
    run("dog", "no-dog", "dog", 2, Shard.WHOLE, "full");
    Summary summary = EvalReport.write(List.of(at("cat"), at("dog")), at("page")).summary();
    assertThat(summary.averages()).isEmpty();
    String difference =
        "These runs were not made alike, so their figures can't be compared."
            + " Images: 2 of each prompt (full, dog); 4 of each prompt (full, cat).";
    assertThat(Files.readString(at("page").resolve(RunFiles.REPORT))).contains(difference);
    run("cow", "no-cat", "cat", 4, Shard.WHOLE, "other");
    EvalReport.write(List.of(at("cat"), at("cow")), at("page"));
    assertThat(Files.readString(at("page").resolve(RunFiles.REPORT)))
        .doesNotContain("not made alike");
  }

  @Test
  void imagesAreAsWideAndAsHighAsTheSuiteSays() throws IOException {
    Suite wide =
        SuiteReader.parse(
            """
            name: wide
            prompt: a photo of the {}
            samples: 2
            sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 16, height: 8}
            scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
            concepts: [{name: cat}, {name: dog}]
            """,
            "wide");
    EvalRequest request = Ask.of(wide, "base").to(at("run"));
    new Evaluation(backend, Progress.NONE).run(request);
    assertThat(backend.requests).hasSize(4);
    assertThat(backend.requests).allMatch(r -> r.width() == 16 && r.height() == 8);
    // they are found again as such
    EvalResult again = new Evaluation(backend, Progress.NONE).run(request);
    assertThat(again.drawn()).isZero();
  }

  @Test
  void whatNobodyAsksForIsAsTheSuiteSays() {
    Suite suite =
        SuiteReader.parse(
            """
            name: pets
            prompt: a picture of the {}
            samples: 3
            sampler: {scheduler: ddim, steps: 4, guidance: 2.5, width: 16, height: 8}
            scorer: {kind: clip-classifier, model: pocket, prompt: "the {}"}
            published: ["1"]
            concepts: [{name: cat, anchor: sofa}, {name: dog}]
            """,
            "pets");
    new Evaluation(backend, Progress.NONE).run(Ask.of(suite, "base").concept("cat").to(at("run")));
    RunInfo info = RunFiles.readRun(at("run")).orElseThrow();
    assertThat(info.suite()).isEqualTo("pets");
    assertThat(info.label()).isEqualTo("base");
    assertThat(info.samples()).isEqualTo(3);
    assertThat(info.sampler()).isEqualTo(new Suite.Sampler("ddim", 4, 2.5, 16, 8));
    assertThat(info.published()).containsExactly("1");
    assertThat(info.scoring().prompt()).isEqualTo("the {}");
    assertThat(backend.requests)
        .hasSize(6)
        .allMatch(one -> one.steps() == 4 && one.guidance() == 2.5)
        .extracting(ImageRequest::prompt)
        .contains("a picture of the cat", "a picture of the dog");
  }

  /** It is one of the settings: other batches are other images. */
  @Test
  void imagesAreDrawnTogetherAsTheirSizeAndTheDeviceAllow() {
    assertThat(batch(16, "cpu")).isEqualTo(16);
    assertThat(batch(16, "cuda")).isEqualTo(16);
    assertThat(batch(512, "cpu")).isEqualTo(1);
    assertThat(batch(512, "cuda")).isEqualTo(8);
  }

  private int batch(int size, String device) {
    Suite suite = SuiteReader.read("cifar10").withSize(size, size);
    backend.device = device;
    Path out = at(device + size);
    Ask one = Ask.of(suite, "base").concept("cat").samples(1).batch(null).shard(new Shard(1, 21));
    new Evaluation(backend, Progress.NONE).run(one.to(out));
    return RunFiles.readRun(out).orElseThrow().batch();
  }

  @Test
  void smallModelsGetTheirOwnSuite() {
    Suite cifar10 = SuiteReader.read("cifar10");
    assertThat(Evaluation.fitting(cifar10, 64).name()).isEqualTo("cifar10-pocket");
    assertThat(Evaluation.fitting(cifar10, 512)).isEqualTo(cifar10);
  }

  private static Figures closed(Summary.@Nullable Both both) {
    return Objects.requireNonNull(both).probability();
  }

  private static double value(@Nullable Interval interval) {
    return Objects.requireNonNull(interval).value();
  }
}
