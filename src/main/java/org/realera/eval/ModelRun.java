package org.realera.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.RealeraException;
import org.realera.eval.Metrics.Measure;
import org.realera.eval.Metrics.Sample;
import org.realera.eval.Metrics.Space;

/**
 * The scored images of one model.
 *
 * @param info what they were made with
 * @param images in the order of the image list
 * @param roots the folders that hold them: one, or one for each shard
 */
record ModelRun(RunInfo info, List<ScoredImage> images, List<Path> roots) {
  ModelRun {
    images = List.copyOf(images);
    roots = List.copyOf(roots);
  }

  Sample sample(Space space, Measure measure) {
    // Runs that are averaged differ in their concept.
    return Sample.of(images, info.labels(), space, measure, info.suite() + "/" + info.concept());
  }

  /** The PNG of an image. */
  Path locate(ScoredImage image) {
    return roots.stream()
        .map(root -> root.resolve(image.file()))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () ->
                RealeraException.notFound(
                    image.file() + " is in none of " + roots,
                    "keep the images folder of a run until its report is written"));
  }
}
