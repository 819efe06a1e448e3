package org.realera.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.diffusion.Sameness;
import org.realera.eval.run.ImageStore;
import org.realera.eval.run.ImageStore.Stored;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.PlannedImage;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.ScoredImage;
import org.realera.files.IoErrors;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorer.Scores;
import org.realera.scorer.Scorer.Shown;

/** Scores the images of run folders; may be repeated at any time. */
final class ScoringPass implements AutoCloseable {
  private final Progress progress;
  private final Scorer scorer;

  /**
   * Loads the scorer.
   *
   * @param folder where it is
   * @param info the run, or one of those, that will be scored
   */
  ScoringPass(EvalBackend backend, Progress progress, Path folder, RunInfo info) {
    this.progress = progress;
    this.scorer = backend.scorer(folder, info);
  }

  /**
   * Scores the images of the run's shard and writes {@code images.csv}. They are scored in the
   * batches in which they were drawn, so that shards and the whole get the same bits.
   */
  ModelRun score(Path folder, RunInfo info) {
    ImageStore store = ImagePass.store(folder, info);
    List<List<PlannedImage>> batches = info.plan().batches(info.shard());
    int total = batches.stream().mapToInt(List::size).sum();
    progress.begin("scores of " + info.label(), total);
    List<ScoredImage> images = new ArrayList<>();
    Sameness sameness = new Sameness();
    for (List<PlannedImage> batch : batches) {
      progress.check("all images are drawn and kept in " + folder);
      List<Stored> stored = batch.stream().map(store::read).toList();
      stored.forEach(one -> sameness.add(one.picture()));
      List<Shown> shown = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        PlannedImage image = batch.get(i);
        shown.add(
            new Shown(
                stored.get(i).picture(),
                store.path(image).toString(),
                info.scoring().comparedWith(image),
                image.set().subject()));
      }
      List<Scores> scores = scorer.score(shown);
      for (int i = 0; i < batch.size(); i++) {
        PlannedImage image = batch.get(i);
        List<Float> values = scores.get(i).values().stream().map(Double::floatValue).toList();
        if (values.stream().anyMatch(score -> score.isNaN() || score.isInfinite())) {
          throw new RealeraException(
              RealeraException.Kind.FAILED,
              "the scorer gives no number for " + store.path(image),
              "Try --dtype fp32; if that does not help, the scorer's weights are damaged.");
        }
        images.add(
            new ScoredImage(
                image.set(),
                image.prompt(),
                image.seed(),
                image.file(),
                stored.get(i).sha256(),
                values,
                scores.get(i).seen()));
      }
      progress.step(images.size());
    }
    ModelRun scored = new ModelRun(info, images, List.of(folder), null);
    replaceScores(folder, scored);
    progress.end(total + " scored");
    sameness.finding().ifPresent(finding -> progress.note(info.label() + ": " + finding));
    return scored;
  }

  /** In this order: whenever it is stopped, no scores lie beside the name of another scorer. */
  private static void replaceScores(Path folder, ModelRun scored) {
    Path scores = folder.resolve(RunFiles.IMAGES);
    boolean same =
        RunFiles.readRun(folder).filter(there -> there.equals(scored.info())).isPresent();
    if (!same) {
      try {
        Files.deleteIfExists(scores);
      } catch (IOException e) {
        throw IoErrors.writing(scores, e);
      }
      RunFiles.write(folder.resolve(RunFiles.RUN), RunFiles.toJson(scored.info()));
    }
    scored.writeImages(folder);
  }

  @Override
  public void close() {
    scorer.close();
  }
}
