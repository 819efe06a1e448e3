package org.realera.eval;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.eval.Inception.Resizing;

/**
 * FID of a run's pictures: {@code fid.json}.
 *
 * @param fid the Frechet distance
 * @param features how many numbers the network gives for a picture
 * @param images digest of the pictures' digests, by which a result is known to be of these
 * @param model digest of the network's file
 * @param reference what it was compared with
 */
record FidResult(double fid, int features, String images, String model, String reference) {
  static final String FILE = "fid.json";

  /**
   * Measures the pictures of a run, unless that was done before, and writes {@code fid.json}.
   *
   * @param device {@code cpu} or {@code cuda}
   * @throws EvalStoppedException if the listener asked to stop
   */
  static FidResult of(ModelRun run, Suite.Fid with, String device, EvalListener listener) {
    Path folder = run.roots().get(0);
    Path network = Path.of(with.model());
    String images = digest(run.images());
    String model = Digests.sha256(List.of(existing(network)));
    FidResult before = read(folder);
    if (before != null
        && before.images.equals(images)
        && before.model.equals(model)
        && before.reference.equals(with.reference())) {
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
        scorer.score(file, FolderScoring.read(file));
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
      RunFiles.write(folder.resolve(FILE), RunFiles.toJson(result));
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

  /** What was measured of a run whose pictures are still the same; null if nothing was. */
  static @Nullable FidResult of(Path folder, List<ScoredImage> images) {
    FidResult result = read(folder);
    return result != null && result.images.equals(digest(images)) ? result : null;
  }

  private static @Nullable FidResult read(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      return new JsonMapper().readValue(Files.readString(file), FidResult.class);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw RealeraException.damaged(
          file + " can't be read: " + e.getMessage(), "remove it and run the same command again");
    }
  }

  private static String digest(List<ScoredImage> images) {
    StringBuilder all = new StringBuilder();
    images.forEach(image -> all.append(image.sha256()));
    return Digests.sha256(all.toString());
  }
}
