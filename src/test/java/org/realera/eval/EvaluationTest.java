package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.eval.EvalRequest.Source;

class EvaluationTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: three
          prompt: a photo of the {}
          samples: 4
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 8, height: 8}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          scenes: [sky, sea]
          concepts:
            - {name: cat, synonyms: [kitty], anchor: sky}
            - {name: dog, synonyms: [hound]}
            - {name: ship}
          """,
          "three");

  @TempDir Path folder;
  private FakeBackend backend = new FakeBackend();

  @BeforeEach
  void freshBackend() {
    backend = new FakeBackend();
  }

  @Test
  void aPerfectErasureOfTheBareWordIsMeasuredAsSuch() {
    EvalResult result = run("run", "no-cat", "cat", 4, Shard.WHOLE);
    Summary.Model model = Objects.requireNonNull(result.summary()).runs().get(0).model();
    // Open set: cat pictures are skies, dogs and ships are kept, kitty is no label of its own.
    Figures open = Objects.requireNonNull(model.open()).top1();
    assertThat(value(open.accE())).isZero();
    assertThat(value(open.accS())).isEqualTo(100);
    // Closed set: a sky fits none of the classes better than another.
    assertThat(value(closed(model.closed()).accE())).isEqualTo(100 / 3.0, within(1e-9));
    assertThat(result.drawn()).isEqualTo(16);
  }

  @Test
  void theReportIsOneFileThatNeedsNoOther() throws IOException {
    EvalResult result = run("run", "no-cat", "cat", 4, Shard.WHOLE);
    String html = Files.readString(Objects.requireNonNull(result.report()));
    assertThat(html)
        .contains("Erasing cat → sky", "a photo of the kitty", "data:image/")
        .doesNotContain("<script", "http://", "https://", "{{");
  }

  @Test
  void aRunThatWasKilledGoesOnAndEndsWithTheSameBytes() throws IOException {
    run("whole", "no-cat", "cat", 4, Shard.WHOLE);
    backend = new FakeBackend();
    backend.failAfter = 10;
    assertThatThrownBy(() -> run("killed", "no-cat", "cat", 4, Shard.WHOLE)).hasMessage("killed");
    backend = new FakeBackend();
    EvalResult result = run("killed", "no-cat", "cat", 4, Shard.WHOLE);
    // Batches of three: nine images were whole.
    assertThat(result.kept()).isEqualTo(9);
    assertThat(result.drawn()).isEqualTo(7);
    assertThat(bytes("killed")).isEqualTo(bytes("whole"));
  }

  @Test
  void anImageCutShortIsDrawnAgain() throws IOException {
    run("run", "no-cat", "cat", 4, Shard.WHOLE);
    final Map<String, String> before = bytes("run");
    Path image = folder.resolve("run/images/dog/a-photo-of-the-dog_2.png");
    byte[] png = Files.readAllBytes(image);
    Files.write(image, Arrays.copyOf(png, png.length - 7));
    EvalResult again = run("run", "no-cat", "cat", 4, Shard.WHOLE);
    assertThat(again.drawn()).isEqualTo(3);
    assertThat(bytes("run")).isEqualTo(before);
  }

  @Test
  void scoringCanBeRepeatedWithoutDrawing() throws IOException {
    run("run", "no-cat", "cat", 4, Shard.WHOLE);
    Files.delete(folder.resolve("run/images.csv"));
    EvalResult again = run("run", "no-cat", "cat", 4, Shard.WHOLE);
    assertThat(again.drawn()).isZero();
    assertThat(folder.resolve("run/images.csv")).exists();
  }

  @Test
  void moreSamplesKeepWhatIsThereAndEqualARunFromScratch() throws IOException {
    run("grown", "no-cat", "cat", 2, Shard.WHOLE);
    EvalResult grown = run("grown", "no-cat", "cat", 5, Shard.WHOLE);
    run("scratch", "no-cat", "cat", 5, Shard.WHOLE);
    assertThat(grown.kept()).isEqualTo(6);
    assertThat(bytes("grown")).isEqualTo(bytes("scratch"));
  }

  @Test
  void shardsMergeToTheBytesOfAnUnshardedRun() throws IOException {
    run("whole", "no-cat", "cat", 4, Shard.WHOLE);
    for (int i = 1; i <= 3; i++) {
      EvalResult shard = run("shard" + i, "no-cat", "cat", 4, new Shard(i, 3));
      assertThat(shard.summary()).isNull();
    }
    EvalReport.write(List.of(at("shard3"), at("shard1"), at("shard2")), at("merged"));
    for (String file : List.of("summary.json", "images.csv")) {
      assertThat(at("merged").resolve(file))
          .as(file)
          .hasSameTextualContentAs(at("whole").resolve(file));
    }
  }

  @Test
  void shardsThatMissAreNamed() {
    run("shard1", "no-cat", "cat", 4, new Shard(1, 3));
    run("shard3", "no-cat", "cat", 4, new Shard(3, 3));
    assertRefused(
        () -> EvalReport.write(List.of(at("shard1"), at("shard3")), at("merged")),
        "shards are missing beside",
        "2/3");
  }

  @Test
  void shardsThatOverlapAreNamed() {
    run("a", "no-cat", "cat", 4, new Shard(1, 2));
    run("b", "no-cat", "cat", 4, new Shard(1, 2));
    run("c", "no-cat", "cat", 4, new Shard(2, 2));
    assertRefused(
        () -> EvalReport.write(List.of(at("a"), at("b"), at("c")), at("merged")),
        "shard 1/2 is there twice");
  }

  @Test
  void shardsOfDifferentModelsAreNotMerged() {
    run("a", "no-cat", "cat", 4, new Shard(1, 2));
    run("b", "other", "cat", 4, new Shard(2, 2), "no-cat");
    assertRefused(
        () -> EvalReport.write(List.of(at("a"), at("b")), at("merged")),
        "are not of one run: model no-cat");
  }

  @Test
  void aFolderOfOtherSettingsIsRefusedAndLeftAlone() throws IOException {
    run("run", "no-cat", "cat", 4, Shard.WHOLE);
    Map<String, String> before = bytes("run");
    assertRefused(() -> run("run", "other", "cat", 4, Shard.WHOLE), "made with other settings");
    assertRefused(() -> run("run", "no-cat", "dog", 4, Shard.WHOLE), "concept cat there, dog here");
    assertRefused(() -> run("run", "no-cat", "cat", 3, Shard.WHOLE), "4 samples there, 3 here");
    assertRefused(() -> run("run", "no-cat", "cat", 4, new Shard(1, 2)), "shard 1/1 there");
    assertThat(bytes("run")).isEqualTo(before);
  }

  @Test
  void aFolderWithImagesOfUnknownOriginIsRefused() throws IOException {
    Files.createDirectories(at("run").resolve("images/cat"));
    assertRefused(() -> run("run", "no-cat", "cat", 4, Shard.WHOLE), "no run.json that says");
  }

  @Test
  void anEarlierSurveyServesAsBaseline() {
    run("survey", "base", null, 4, Shard.WHOLE);
    backend = new FakeBackend();
    EvalResult result =
        new Evaluation(backend, EvalListener.NONE)
            .run(request("run", "no-cat", "cat", 4, Shard.WHOLE, "no-cat", at("survey")));
    assertThat(backend.painted).isEqualTo(16);
    Summary.Run run = Objects.requireNonNull(result.summary()).runs().get(0);
    Summary.Model baseline = Objects.requireNonNull(run.baseline());
    assertThat(value(Objects.requireNonNull(baseline.open()).top1().accE())).isEqualTo(100);
  }

  @Test
  void aBaselineOfOtherSettingsIsRefused() {
    run("survey", "base", null, 2, Shard.WHOLE);
    assertRefused(
        () ->
            new Evaluation(backend, EvalListener.NONE)
                .run(request("run", "no-cat", "cat", 4, Shard.WHOLE, "no-cat", at("survey"))),
        "2 samples there, 4 here");
  }

  @Test
  void manyRunsAreAveragedByLabel() {
    run("cat", "no-cat", "cat", 4, Shard.WHOLE, "full");
    run("dog", "no-dog", "dog", 4, Shard.WHOLE, "full");
    Summary summary = EvalReport.write(List.of(at("cat"), at("dog")), at("page"));
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
  void aStopIsHonouredBetweenBatches() {
    EvalListener stop =
        new EvalListener() {
          @Override
          public boolean stop() {
            return backend.painted >= 6;
          }
        };
    assertThatThrownBy(
            () ->
                new Evaluation(backend, stop)
                    .run(request("run", "no-cat", "cat", 4, Shard.WHOLE, "no-cat", null)))
        .isInstanceOf(EvalStoppedException.class)
        .hasMessageStartingWith("6 of 16 images are kept");
  }

  @Test
  void smallModelsGetTheirOwnSuite() {
    Suite cifar10 = SuiteReader.read("cifar10");
    assertThat(Evaluation.fitting(cifar10, 64).name()).isEqualTo("cifar10-pocket");
    assertThat(Evaluation.fitting(cifar10, 512)).isEqualTo(cifar10);
  }

  private EvalResult run(
      String out, String model, @Nullable String concept, int samples, Shard shard) {
    return run(out, model, concept, samples, shard, model);
  }

  private EvalResult run(
      String out, String model, @Nullable String concept, int samples, Shard shard, String label) {
    return new Evaluation(backend, EvalListener.NONE)
        .run(request(out, model, concept, samples, shard, label, null));
  }

  private EvalRequest request(
      String out,
      String model,
      @Nullable String concept,
      int samples,
      Shard shard,
      String label,
      @Nullable Path baseline) {
    return new EvalRequest(
        SUITE,
        new Source(model, Path.of(model)),
        baseline == null ? null : new Source(baseline.toString(), baseline),
        new Source("pocket", Path.of("scorer")),
        concept,
        null,
        label,
        samples,
        null,
        null,
        3,
        shard,
        at(out),
        "test");
  }

  private Path at(String name) {
    return folder.resolve(name);
  }

  private static Figures closed(Summary.@Nullable Both both) {
    return Objects.requireNonNull(both).probability();
  }

  private static double value(@Nullable Interval interval) {
    return Objects.requireNonNull(interval).value();
  }

  private static void assertRefused(Runnable run, String... parts) {
    assertThatThrownBy(run::run)
        .isInstanceOf(RealeraException.class)
        .hasMessageContainingAll(parts);
  }

  /** File name below the run folder to digest. */
  private Map<String, String> bytes(String name) throws IOException {
    Map<String, String> result = new TreeMap<>();
    try (Stream<Path> files = Files.walk(at(name))) {
      files
          .filter(Files::isRegularFile)
          .forEach(
              file -> {
                try {
                  result.put(at(name).relativize(file).toString(), Digests.sha256(file));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return result;
  }
}
