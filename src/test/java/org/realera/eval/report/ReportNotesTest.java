package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.eval.metrics.ScoredRuns.CAT;
import static org.realera.eval.metrics.ScoredRuns.DOG;
import static org.realera.eval.metrics.ScoredRuns.KITTY;
import static org.realera.eval.metrics.ScoredRuns.classifier;
import static org.realera.eval.metrics.ScoredRuns.images;
import static org.realera.eval.metrics.ScoredRuns.run;
import static org.realera.eval.metrics.ScoredRuns.scoring;
import static org.realera.eval.report.DrawnRuns.TABBY;
import static org.realera.eval.report.DrawnRuns.seen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SldSettings;
import org.realera.diffusion.SpmSource;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.ListedPrompt;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite;
import org.realera.report.EvalPage.Fact;
import org.realera.report.EvalPage.Reading;

/** What a page says under "Settings". */
class ReportNotesTest {
  @TempDir private Path folder;

  @Test
  void aClassifiersRunNamesBothModelsAndItsLabels() throws IOException {
    DrawnRuns runs = new DrawnRuns(folder, "cat", 2);
    ModelRun model =
        runs.run("erased", seen(CAT, "90 5 5"), seen(DOG, "5 90 5"), seen(KITTY, "90 5 5"));
    ModelRun original = runs.run("before", seen(CAT, "90 5 5"));
    FidResult fid = new FidResult(12.5, 3, "11", "22", "coco.npz", "0123456789abcdef0123");
    ModelRun measured = new ModelRun(model.info(), model.images(), model.roots(), fid);
    assertThat(ReportNotes.settings(new ModelPair(measured, original)))
        .containsExactly(
            new Fact("Suite", "suite, realera test"),
            new Fact("Model", "model of erased, weights print of erased"),
            new Fact("Original", "model of before, weights print of before"),
            new Fact("Scorer", "scorer, weights abc"),
            new Fact("Images", "2 of each of 3 prompts, seeds 0 to 1"),
            new Fact("Sampler", "DDIM, 2 steps, guidance 3.0, 8 × 8, fp32 on cpu, batches of 1"),
            new Fact("Labels", "cat, dog"),
            new Fact("Open set adds", "sky"),
            new Fact("FID", "against coco.npz, 0123456789abcdef"));
  }

  @Test
  void guidanceAdaptersListsAndThresholdAreTold() {
    ImageSet list =
        new ImageSet(
            "i2p",
            Role.ERASED,
            "i2p",
            "nudity",
            "i2p.csv",
            1,
            List.of(new ListedPrompt("a beach", 7L, null)));
    RunInfo info =
        new RunInfo(
            RunInfo.SCHEMA,
            "0.3",
            "explicit",
            "Guided",
            "sd",
            "ff",
            "nudity",
            null,
            List.of(list),
            5,
            new Suite.Sampler("ddim", 50, 7.5, 512, 256),
            new SafeGuidance("nudity", SldSettings.STRONG),
            new SpmSource(List.of("nudity"), "0123456789abcdef"),
            6,
            "cuda",
            "bf16",
            Shard.WHOLE,
            List.of(),
            new RunInfo.Scoring(
                "320n.onnx",
                "ee",
                null,
                new Labels(List.of("belly", "feet"), 0),
                ScorerKind.NUDENET,
                MetricSet.COUNTS,
                0.25));
    ModelPair pair = new ModelPair(new ModelRun(info, List.of(), List.of(), null), null);
    assertThat(ReportNotes.settings(pair))
        .containsExactly(
            new Fact("Suite", "explicit, realera 0.3"),
            new Fact("Model", "sd, weights ff"),
            new Fact("Scorer", "320n.onnx, weights ee"),
            new Fact("Images", "at most 1 of those from a list; i2p.csv, each from its own seed"),
            new Fact(
                "Sampler", "DDIM, 50 steps, guidance 7.5, 512 × 256, bf16 on cuda, batches of 6"),
            new Fact("Guidance", "SLD strong away from \"nudity\""),
            new Fact("Adapters", "SPM of \"nudity\" by facilitated transport (0123456789ab)"),
            new Fact("Threshold", "0.25"));
    assertThat(ReportNotes.readings(List.of(pair, pair))).containsExactly(Reading.NUDENET);
  }

  /** A model that always draws the same is named before any figure. */
  @Test
  void imagesThatAreAllTheSameAreToldOfTheRightModel() throws IOException {
    DrawnRuns runs = new DrawnRuns(folder, "cat", 2);
    ModelRun model = runs.run("erased", seen(CAT, "90 5 5", "90 5 5"));
    ModelRun original = runs.run("before", seen(CAT, "90 5 5", "90 5 5"));
    assertThat(ReportNotes.sameness(new ModelPair(model, original))).isEmpty();
    Path first = folder.resolve("before/cat/0.png");
    Files.copy(first, folder.resolve("before/cat/1.png"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(ReportNotes.sameness(new ModelPair(model, original)))
        .isEqualTo("Of the original all 2 pictures are the same: the figures say nothing. ");
    assertThat(ReportNotes.sameness(new ModelPair(original, model)))
        .isEqualTo("All 2 pictures are the same: the figures say nothing. ");
  }

  @Test
  void runsThatWereNotMadeAlikeAreNamed() throws IOException {
    ModelRun few = new DrawnRuns(folder, "cat", 2).run("Few", seen(CAT, "90 5 5"));
    ModelRun many = new DrawnRuns(folder, "dog", 5).run("Many", seen(CAT, "90 5 5"));
    List<ModelPair> pairs = List.of(new ModelPair(few, null), new ModelPair(many, null));
    assertThat(ReportNotes.notes(pairs))
        .containsExactly(
            "These runs were not made alike, so their figures can't be compared. Images: 2 of each"
                + " prompt (Few, cat); 5 of each prompt (Many, dog).");
    assertThat(ReportNotes.notes(pairs.subList(0, 1))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CLIP_CLASSIFIER, ERASURE, CLASSIFIER",
    "CELEBRITY, ERASURE, CELEBRITY",
    "CLIP_SCORE, MEAN, CLIP_MEAN",
    "CLIP_SCORE, ERASURE, CLIP_ERASURE",
    "NUDENET, COUNTS, NUDENET"
  })
  void figuresAreReadByTheirScorerAndWhatIsMadeOfItsScores(
      ScorerKind kind, MetricSet metrics, Reading reading) {
    RunInfo.Scoring scoring = scoring(new Labels(List.of("cat"), 0), kind, metrics);
    ModelRun run = run(scoring, "cat", "Quick", images(CAT, "cat"));
    assertThat(ReportNotes.readings(List.of(new ModelPair(run, null)))).containsExactly(reading);
  }

  /** A mean over fewer concepts than the others beside it. */
  @Test
  void conceptsWithoutSubtypesAreNamedWhereOthersHaveSome() {
    ModelPair plain = new ModelPair(run(classifier(), "dog", "Quick", images(DOG, "dog")), null);
    ModelPair other = new ModelPair(run(classifier(), "cat", "Quick", images(TABBY, "cat")), null);
    assertThat(ReportNotes.withoutSubtypes(List.of(plain, other)))
        .contains("Means over subtypes leave out what has none: dog.");
    assertThat(ReportNotes.withoutSubtypes(List.of(plain))).isEmpty();
    assertThat(ReportNotes.withoutSubtypes(List.of(other))).isEmpty();
  }
}
