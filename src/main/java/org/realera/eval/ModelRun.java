package org.realera.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
 * @param fid their Frechet distance to a reference, if it was measured
 */
record ModelRun(RunInfo info, List<ScoredImage> images, List<Path> roots, @Nullable FidResult fid) {
  ModelRun {
    images = List.copyOf(images);
    roots = List.copyOf(roots);
  }

  /** A classifier's figures. */
  Sample sample(Space space, Measure measure) {
    return sample(Reading.classes(info.labels(), space, measure));
  }

  /** The figures of one reading of the scores. */
  Sample sample(Reading reading) {
    // Runs that are averaged differ in their concept.
    return Sample.of(images, reading, info.suite() + "/" + info.concept());
  }

  boolean isClassified() {
    return info.labels().isClassifier();
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

  /** The images by the names of their sets, which may hold tens of thousands of prompts. */
  Map<String, List<ScoredImage>> bySet() {
    Map<String, List<ScoredImage>> sets = new LinkedHashMap<>();
    images.forEach(i -> sets.computeIfAbsent(i.set().name(), s -> new ArrayList<>()).add(i));
    return sets;
  }
}
