package org.realera.eval.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * The scored images of one model.
 *
 * @param info what they were made with
 * @param images in the order of the image list
 * @param roots the folders that hold them: one, or one for each shard
 * @param fid their Frechet distance to a reference, if it was measured
 */
public record ModelRun(
    RunInfo info, List<ScoredImage> images, List<Path> roots, @Nullable FidResult fid) {
  public ModelRun {
    images = List.copyOf(images);
    roots = List.copyOf(roots);
  }

  /** Whether the scores are those of a classifier, which knows classes. */
  public boolean isClassified() {
    return info.labels().isClassifier();
  }

  /**
   * The PNG of an image.
   *
   * @throws RealeraException (not found) if none of the folders has it any more
   */
  public Path locate(ScoredImage image) {
    return roots.stream()
        .map(root -> root.resolve(image.file()))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () ->
                RealeraException.notFound(
                    image.file() + " is in none of " + roots,
                    "Keep the images folder of a run until its report is written."));
  }

  /** The images by the names of their sets, which may hold tens of thousands of prompts. */
  public Map<String, List<ScoredImage>> bySet() {
    Map<String, List<ScoredImage>> sets = new LinkedHashMap<>();
    images.forEach(i -> sets.computeIfAbsent(i.set().name(), s -> new ArrayList<>()).add(i));
    return sets;
  }

  /** Writes {@code images.csv}: a row for each image and what the scorer said of it. */
  public void writeImages(Path folder) {
    RunFiles.write(folder.resolve(RunFiles.IMAGES), ImagesCsv.write(images, info.labels()));
  }
}
