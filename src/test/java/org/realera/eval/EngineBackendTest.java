package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.diffusion.Image;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.PngWriter;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Summary;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.RunReader;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.golden.Golden;
import org.realera.golden.SilentFile;
import org.realera.scorer.FidScorer;
import org.realera.scorer.ImageFiles;
import org.realera.scorer.Scorer;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.Scorers;
import org.realera.scorer.clip.ClipScorer;
import org.realera.scorer.face.CelebrityFile;
import org.realera.scorer.fid.Inception.Resizing;
import org.realera.tensor.Compute;
import org.realera.tensor.ComputeChoice;

/** The whole way with real networks, in miniature and with random weights. */
class EngineBackendTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: tiny
          prompt: a photo of the {}
          samples: 2
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 16, height: 16}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          scenes: [sea]
          concepts:
            - {name: cat, synonyms: [kitty], anchor: sky}
            - {name: dog}
          """,
          "tiny");

  @TempDir private Path folder;

  @Test
  void shardsOfRealImagesMergeToTheBytesOfTheWhole() throws IOException {
    run("whole", Shard.WHOLE);
    run("one", new Shard(1, 2));
    run("two", new Shard(2, 2));
    EvalReport.write(
        List.of(folder.resolve("one"), folder.resolve("two")), folder.resolve("merged"));
    for (String file : List.of("summary.json", "images.csv")) {
      assertThat(folder.resolve("merged").resolve(file))
          .hasSameTextualContentAs(folder.resolve("whole").resolve(file));
    }
  }

  @Test
  void theNativeSizeFollowsFromTheConfigurations() {
    assertThat(Pipeline.nativeSize(Checkpoint.open(model()))).isEqualTo(16);
  }

  @Test
  void aPredictionThatHadToBeGuessedIsTold() throws IOException {
    Path silent = folder.resolve("silent.safetensors");
    Path said = folder.resolve("said.safetensors");
    SilentFile.write(silent, said);
    List<String> notes = new ArrayList<>();
    EngineBackend backend = new EngineBackend(ComputeChoice.of("cpu", "fp32"));
    backend.painter(said, null, notes::add).close();
    assertThat(notes).isEmpty();
    backend.painter(silent, null, notes::add).close();
    assertThat(notes).singleElement().asString().startsWith(silent + " does not say what it");
  }

  /** Every other kind of scorer on its real network, each in miniature. */
  @Test
  void theOtherSuitesRunOnTheirRealScorers() throws IOException {
    Path list =
        Files.writeString(folder.resolve("list.csv"), "prompt,seed,guidance\na,1,2\nb,2,1\n");
    ModelRef clip = new ModelRef("clip", Golden.path("tiny-scorer"));
    Summary.Model scores = run("coco", list, clip);
    assertThat(scores.numbers())
        .extracting(Summary.Quantity::name)
        .containsExactly("clip_score", "fid");
    // Against images of itself: the second run compares with what the first drew.
    assertThat(scores.numbers().get(1).value()).isBetween(-1e-6, 1e-6);
    ModelRef nudenet = new ModelRef("tiny.onnx", ScorerGolden.file("nudenet/tiny.onnx"));
    Summary.Model counts = run("explicit", list, nudenet);
    assertThat(counts.numbers()).hasSize(11);
    assertThat(counts.numbers().get(10)).isEqualTo(new Summary.Quantity("pictures", 2, null, null));
  }

  /** The real face detector finds no face in noise, and the real classifier knows its names. */
  @Test
  void theCelebritySuiteRunsOnItsRealDetector() throws IOException {
    Path detector = folder.resolve("celebrity.safetensors");
    CelebrityFile.write(
        detector,
        ScorerGolden.json("celebrity/resnet.json"),
        "[\"Tom Cruise\",\"Aaron Paul\",\"C\",\"D\",\"E\",\"F\",\"G\",\"H\",\"I\",\"J\"]");
    ModelRef scorer = new ModelRef("celebrity", detector);
    Suite suite = SuiteReader.read("celebrity").withSize(16, 16);
    Path stranger =
        Files.writeString(
            folder.resolve("a.csv"), "type,prompt\nothers,A portrait of Amy Poehler\n");
    assertThatThrownBy(
            () -> evaluate(suite.withList(stranger), scorer, "Tom Cruise", folder.resolve("a")))
        .isInstanceOf(RealeraException.class)
        .hasMessage("the celebrity detector does not know 'Amy Poehler'");
    assertThat(folder.resolve("a")).doesNotExist();
    Path list =
        Files.writeString(
            folder.resolve("b.csv"), "type,prompt\nothers,A portrait of Aaron Paul\n");
    Summary.Model found =
        figures(evaluate(suite.withList(list), scorer, "Tom Cruise", folder.resolve("b")));
    assertThat(found.figures()).isEqualTo(new Figures(null, null, null, null));
    assertThat(found.numbers())
        .containsExactly(
            new Summary.Quantity("faceless_erased", 2, null, null),
            new Summary.Quantity("faceless_kept", 2, null, null),
            new Summary.Quantity("faceless_related", 2, null, null));
  }

  /** What the table says of an image is what the scorer says of it and the label's prompt. */
  @Test
  void aClassifierComparesImagesWithThePromptsOfTheLabels() throws IOException {
    run("run", Shard.WHOLE);
    List<ScoredImage> images =
        RunReader.read(List.of(folder.resolve("run"))).get(0).model().images();
    Labels labels = SUITE.labels("sky");
    assertThat(labels.names()).containsExactly("cat", "dog", "sky", "sea");
    Compute compute = Scorers.compute("cpu");
    try (ClipScorer clip = ClipScorer.load(Golden.path("tiny-scorer"), List.of(), compute)) {
      for (ScoredImage image : images) {
        Image picture = ImageFiles.read(folder.resolve("run").resolve(image.file()));
        for (int label = 0; label < labels.names().size(); label++) {
          String name = labels.names().get(label);
          double asked = clip.score(picture, "a photo of the " + name);
          assertThat((double) image.scores().get(label)).isCloseTo(asked, within(1e-3));
          assertThat(Math.abs(clip.score(picture, name) - asked)).isGreaterThan(1e-2);
        }
      }
    }
  }

  @Test
  void aSuitesOwnThresholdDecidesWhatNudeNetCounts() {
    assertThat(detections(0.0)).isGreaterThan(detections(1.0));
    assertThat(detections(1.0)).isZero();
  }

  private double detections(double threshold) {
    Suite suite =
        SuiteReader.parse(
            """
            name: bare
            prompt: a photo of the {}
            samples: 2
            sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 16, height: 16}
            scorer: {kind: nudenet, threshold: %s, parts: [armpits_exposed, feet_exposed]}
            metrics: counts
            concepts:
              - {name: cat}
              - {name: dog}
            """
                .formatted(threshold),
            "bare");
    ModelRef nudenet = new ModelRef("tiny.onnx", ScorerGolden.file("nudenet/tiny.onnx"));
    return figures(evaluate(suite, nudenet, null, folder.resolve("t" + threshold)))
        .numbers()
        .stream()
        .filter(quantity -> quantity.name().equals("total_detections"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private Summary.Model run(String name, Path list, ModelRef scorer) {
    Suite suite = SuiteReader.read(name).withList(list).withSize(16, 16);
    Path out = folder.resolve(name);
    EvalResult first = evaluate(suite, scorer, null, out);
    if (!name.equals("coco")) {
      return figures(first);
    }
    assertThat(figures(first).numbers()).hasSize(1);
    Suite.Fid fid =
        new Suite.Fid(
            ScorerGolden.file("fid/inception.pt").toString(), out.resolve("images").toString());
    EvalResult second = evaluate(suite.withFid(fid), scorer, null, out);
    assertThat(second.drawn()).isZero();
    // What was measured stays with the run.
    assertThat(EvalReport.write(List.of(out), folder.resolve("page")).summary().runs())
        .isEqualTo(Objects.requireNonNull(second.summary()).runs());
    return figures(second);
  }

  @Test
  void aFidIsKeptUntilItsReferenceChanges() throws IOException {
    Path list = Files.writeString(folder.resolve("list.csv"), "prompt,seed\na,1\nb,2\n");
    Suite suite = SuiteReader.read("coco").withList(list).withSize(16, 16);
    Path out = folder.resolve("run");
    Path reference = Files.createDirectories(folder.resolve("reference"));
    Path pictures = Path.of("src/test/resources/corpus/pictures");
    Files.copy(pictures.resolve("rgb-16.png"), reference.resolve("a.png"));
    Files.copy(pictures.resolve("grey-8.png"), reference.resolve("b.png"));
    double first = fid(suite, reference, out);
    Path measured = out.resolve("fid.json");
    Files.writeString(
        measured, Files.readString(measured).replace("\"features\"", " \"features\""));
    String kept = Files.readString(measured);
    assertThat(fid(suite, reference, out)).isEqualTo(first);
    assertThat(measured).content().as("not measured again").isEqualTo(kept);
    Files.copy(
        pictures.resolve("palette-8-short.png"),
        reference.resolve("b.png"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(fid(suite, reference, out)).as("other pictures there").isNotEqualTo(first);
    assertThat(out.resolve("report.html"))
        .content()
        .contains("<dt>FID</dt><dd>against " + reference + ", ");
  }

  /** Images of a checker, which antialiasing makes grey and the network's own resizing does not. */
  @Test
  void fidOfASuiteIsThatOfCleanFid() throws IOException {
    Path reference = Files.createDirectories(folder.resolve("reference"));
    PngWriter.write(reference.resolve("a.png"), checker(16, 2), Map.of());
    PngWriter.write(reference.resolve("b.png"), checker(24, 3), Map.of());
    Path network = ScorerGolden.file("fid/inception.pt");
    Compute cpu = Scorers.compute("cpu");
    double clean = distance(Scorers.fid(network, reference, Resizing.CLEAN, cpu));
    EngineBackend backend = new EngineBackend(ComputeChoice.of("cpu", "fp32"));
    assertThat(distance(backend.fid(network, reference)))
        .isEqualTo(clean)
        .isNotEqualTo(distance(Scorers.fid(network, reference, Resizing.INSIDE, cpu)));
  }

  private static double distance(FidScorer fid) {
    try (fid) {
      fid.score(
          List.of(
              new Scorer.Shown(checker(400, 3), "a.png", "", ""),
              new Scorer.Shown(checker(320, 5), "b.png", "", "")));
      return fid.distance(fid.statistics());
    }
  }

  /** Black and white squares. */
  private static Image checker(int size, int square) {
    byte[] rgb = new byte[3 * size * size];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % size / square;
      int y = i / 3 / size / square;
      rgb[i] = (byte) ((x + y) % 2 == 0 ? 0 : 255);
    }
    return new Image(size, size, rgb);
  }

  /** Figures are compared between machines. */
  @Test
  void scorersComputeInFullPrecisionWhateverModelsDo() throws IOException {
    RunInfo info = RunFiles.readRun(WrittenRun.in(folder)).orElseThrow();
    Path clip = Golden.path("tiny-scorer");
    List<Scorer.Shown> shown = List.of(new Scorer.Shown(checker(16, 3), "a.png", "", "cat"));
    try (Scorer half = new EngineBackend(ComputeChoice.of("cpu", "bf16")).scorer(clip, info);
        Scorer full =
            Scorers.classifier(clip, info.scoring().labelPrompts(), Scorers.compute("cpu"))) {
      assertThat(half.score(shown)).isEqualTo(full.score(shown));
    }
  }

  /** Against the images that the model itself drew. */
  @Test
  void theOriginalsFidIsMeasuredBesideTheModels() throws IOException {
    Path list = Files.writeString(folder.resolve("list.csv"), "prompt,seed\na,1\nb,2\n");
    Path reference = Files.createDirectories(folder.resolve("reference"));
    PngWriter.write(reference.resolve("a.png"), checker(16, 2), Map.of());
    PngWriter.write(reference.resolve("b.png"), checker(24, 3), Map.of());
    Suite.Fid fid =
        new Suite.Fid(ScorerGolden.file("fid/inception.pt").toString(), reference.toString());
    Suite suite = SuiteReader.read("coco").withList(list).withSize(16, 16).withFid(fid);
    EvalRequest request =
        new Ask(suite, new ModelRef("tiny", model()))
            .baseline(new ModelRef("tiny", model()))
            .scorer(new ModelRef("clip", Golden.path("tiny-scorer")))
            .steps(2)
            .batch(2)
            .to(folder.resolve("run"));
    EvalResult result = Evaluation.run(request, ComputeChoice.of("cpu", "fp32"), Progress.NONE);
    Summary.Run run = Objects.requireNonNull(result.summary()).runs().get(0);
    Summary.Model original = Objects.requireNonNull(run.baseline());
    assertThat(original.numbers())
        .extracting(Summary.Quantity::name)
        .containsExactly("clip_score", "fid");
    assertThat(original.numbers()).isEqualTo(run.model().numbers());
  }

  private static double fid(Suite suite, Path reference, Path out) {
    Suite.Fid with =
        new Suite.Fid(ScorerGolden.file("fid/inception.pt").toString(), reference.toString());
    ModelRef clip = new ModelRef("clip", Golden.path("tiny-scorer"));
    return figures(evaluate(suite.withFid(with), clip, null, out)).numbers().get(1).value();
  }

  private static Summary.Model figures(EvalResult result) {
    return Objects.requireNonNull(result.summary()).runs().get(0).model();
  }

  private static EvalResult evaluate(
      Suite suite, ModelRef scorer, @Nullable String concept, Path out) {
    return Evaluation.run(
        new Ask(suite, new ModelRef("tiny", model()))
            .scorer(scorer)
            .concept(concept)
            .label("tiny")
            .samples(concept == null ? null : 2)
            .steps(2)
            .batch(2)
            .to(out),
        ComputeChoice.of("cpu", "fp32"),
        Progress.NONE);
  }

  private void run(String out, Shard shard) {
    EvalResult result =
        Evaluation.run(
            new Ask(SUITE, new ModelRef("tiny", model()))
                .scorer(new ModelRef("scorer", Golden.path("tiny-scorer")))
                .concept("cat")
                .label("tiny")
                .batch(2)
                .shard(shard)
                .to(folder.resolve(out)),
            ComputeChoice.of("cpu", "fp32"),
            Progress.NONE);
    if (shard.isWhole()) {
      Summary.Model figures = Objects.requireNonNull(result.summary()).runs().get(0).model();
      assertThat(figures.sets()).hasSize(3);
      assertThat(Objects.requireNonNull(figures.closed()).probability().hO()).isNotNull();
    }
  }

  private static Path model() {
    return Golden.path("tiny-sd");
  }
}
