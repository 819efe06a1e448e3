package org.realera.eval.report;

import static org.realera.eval.metrics.ScoredRuns.classifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.eval.metrics.ScoredRuns;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Suite;
import org.realera.report.Thumbnail;
import org.realera.report.Thumbnails;

/** Runs whose images lie in a folder; no two images are alike. */
final class DrawnRuns {
  static final ImageSet TABBY = new ImageSet("tabby", Role.SUBTYPE, "tabby", "cat", "a tabby");

  private final Path folder;
  private final @Nullable String concept;
  private final int samples;

  DrawnRuns(Path folder, @Nullable String concept, int samples) {
    this.folder = folder;
    this.concept = concept;
    this.samples = samples;
  }

  /**
   * Images of a prompt, with the probability that each is a cat, a dog and a sky, in percent:
   * {@code "70 20 10"}.
   */
  static List<ScoredImage> seen(ImageSet set, String... percents) {
    List<ScoredImage> images = new ArrayList<>();
    for (String percent : percents) {
      List<Float> scores =
          Stream.of(percent.split(" "))
              .map(one -> (float) Math.log(Double.parseDouble(one) / 100))
              .toList();
      int seed = images.size();
      String file = set.name() + "/" + seed + ".png";
      images.add(new ScoredImage(set, set.prompt(), seed, file, "", scores, null));
    }
    return images;
  }

  /** A run with its images. */
  @SafeVarargs
  final ModelRun run(String label, List<ScoredImage>... sets) throws IOException {
    List<ScoredImage> images = ScoredRuns.all(sets);
    for (ScoredImage image : images) {
      Path file = file(label, image.file());
      Files.createDirectories(file.getParent());
      Files.write(file, PngWriter.encode(picture(label + "/" + image.file()), Map.of()));
    }
    RunInfo info =
        new RunInfo(
            RunInfo.SCHEMA,
            "test",
            "suite",
            label,
            "model of " + label,
            "print of " + label,
            concept,
            concept == null ? null : "sky",
            images.stream().map(ScoredImage::set).distinct().toList(),
            samples,
            new Suite.Sampler("ddim", 2, 3, 8, 8),
            null,
            null,
            1,
            "cpu",
            "fp32",
            Shard.WHOLE,
            List.of(),
            classifier());
    return new ModelRun(info, images, List.of(folder.resolve(label)), null);
  }

  private static Image picture(String name) {
    int hash = name.hashCode();
    byte[] rgb = new byte[3 * 8 * 8];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (hash >> 8 * (i % 3));
    }
    rgb[0] ^= 64; // images all of one color are called those of a broken model
    return new Image(8, 8, rgb);
  }

  private Path file(String label, String file) {
    return folder.resolve(label).resolve(file);
  }

  /** Images of one label side by side, as a page has them. */
  Thumbnail strip(boolean exact, String label, String... files) {
    return Thumbnails.strip(
        Stream.of(files).map(file -> file(label, file)).toList(), RunGallery::read, exact);
  }

  /** One image as a page has it. */
  Thumbnail small(String label, String file) {
    return Thumbnails.small(RunGallery.read(file(label, file)));
  }
}
