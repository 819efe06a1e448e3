package org.realera.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.Suite;
import org.realera.files.Digests;
import org.realera.scorer.FidScorer;
import org.realera.scorer.ImageFiles;
import org.realera.scorer.Scorer.Shown;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.scorer.fid.Inception;
import org.realera.scorer.fid.Inception.Resizing;

/** Measures the Frechet distance of a run's images to a reference. */
final class FidPass {
  /** Who resizes the images of suites: clean-fid's way, which papers compare by. */
  static final Resizing RESIZING = Resizing.CLEAN;

  private FidPass() {}

  /**
   * Measures the images of a run, unless that was done before, and writes {@code fid.json}.
   *
   * @param backend loads the network where the run computes
   * @throws org.realera.Stopped if that was asked for
   */
  static FidResult measure(ModelRun run, Suite.Fid with, EvalBackend backend, Progress progress) {
    Path folder = run.roots().get(0);
    Path network = Path.of(with.model());
    String images = FidResult.digest(run.images());
    String model = Digests.sha256(List.of(existing(network)));
    Path reference = Path.of(with.reference());
    String compared = digest(reference);
    FidResult before = FidResult.read(folder);
    if (before != null
        && before.images().equals(images)
        && before.model().equals(model)
        && compared.equals(before.referenceDigest())) {
      return before;
    }
    progress.begin("FID of " + run.info().label(), run.images().size());
    try (FidScorer scorer = backend.fid(network, reference)) {
      scorer.doubt().ifPresent(progress::note);
      int done = 0;
      for (ScoredImage image : run.images()) {
        progress.check("all images are drawn and scored in " + folder);
        Path file = run.locate(image);
        Image picture = ImageFiles.read(file);
        scorer.score(
            List.of(new Shown(picture, file.toString(), image.prompt(), image.set().subject())));
        progress.step(++done);
      }
      FeatureStatistics statistics = scorer.statistics();
      FidResult result =
          new FidResult(
              scorer.distance(statistics),
              statistics.size(),
              images,
              model,
              with.reference(),
              compared);
      result.write(folder);
      progress.end(done + " pictures");
      return result;
    }
  }

  /** Empty if there is none: the scorer says so. */
  private static String digest(Path reference) {
    if (Files.isDirectory(reference)) {
      return Digests.sha256(ImageFiles.below(List.of(reference)));
    }
    return Files.exists(reference) ? Digests.sha256(List.of(reference)) : "";
  }

  /**
   * Checks the network and the reference, before images are drawn in vain.
   *
   * @throws RealeraException (not found, damaged) if the network is not there or another file; as
   *     {@link ImageFiles#below} or {@link FidScorer#statistics(Path, Resizing)}
   */
  static void check(Suite.Fid with) {
    Path reference = Path.of(with.reference());
    if (Files.isDirectory(reference)) {
      ImageFiles.below(List.of(reference));
    }
    Inception.require(existing(Path.of(with.model())));
    if (!Files.isDirectory(reference)) {
      FidScorer.statistics(reference, RESIZING);
    }
  }

  private static Path existing(Path file) {
    if (!Files.isRegularFile(file)) {
      throw RealeraException.notFound(
          "there is no Inception network " + file,
          "Give inception-2015-12-05.pt, as NVIDIA publishes it, with --inception.");
    }
    return file;
  }
}
