package org.realera.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.RealeraException;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.Suite;
import org.realera.files.Digests;
import org.realera.scorer.ImageFiles;
import org.realera.scorer.PictureScorer;
import org.realera.scorer.PictureScorers;
import org.realera.scorer.fid.Inception.Resizing;

/** Measures the Frechet distance of a run's pictures to a reference. */
final class FidPass {
  private FidPass() {}

  /**
   * Measures the pictures of a run, unless that was done before, and writes {@code fid.json}.
   *
   * @param device {@code cpu} or {@code cuda}
   * @throws EvalStoppedException if the listener asked to stop
   */
  static FidResult measure(ModelRun run, Suite.Fid with, String device, EvalListener listener) {
    Path folder = run.roots().get(0);
    Path network = Path.of(with.model());
    String images = FidResult.digest(run.images());
    String model = Digests.sha256(List.of(existing(network)));
    FidResult before = FidResult.read(folder);
    if (before != null
        && before.images().equals(images)
        && before.model().equals(model)
        && before.reference().equals(with.reference())) {
      return before;
    }
    listener.started("FID of " + run.info().label(), run.images().size());
    try (PictureScorer scorer =
        PictureScorers.fid(network, Path.of(with.reference()), Resizing.CLEAN, null, device)) {
      int done = 0;
      for (ScoredImage image : run.images()) {
        if (listener.stop()) {
          throw new EvalStoppedException("all images are drawn and scored in " + folder);
        }
        Path file = run.locate(image);
        scorer.score(file, ImageFiles.read(file));
        listener.advanced(++done);
      }
      var totals = scorer.totals();
      FidResult result =
          new FidResult(
              ((Number) totals.getOrDefault("fid", Double.NaN)).doubleValue(),
              ((Number) totals.getOrDefault("features", 0)).intValue(),
              images,
              model,
              with.reference());
      result.write(folder);
      listener.finished(done + " pictures");
      return result;
    }
  }

  private static Path existing(Path file) {
    if (!Files.isRegularFile(file)) {
      throw RealeraException.notFound(
          "there is no Inception network " + file,
          "give inception-2015-12-05.pt, as NVIDIA publishes it, with --inception");
    }
    return file;
  }
}
