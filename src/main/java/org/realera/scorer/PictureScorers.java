package org.realera.scorer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.scorer.clip.ClipScorer;
import org.realera.scorer.face.CelebrityDetector;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.scorer.fid.Inception;
import org.realera.scorer.fid.Inception.Resizing;
import org.realera.scorer.nudenet.NudeNet;
import org.realera.scorer.nudenet.NudeNetSettings;
import org.realera.tensor.Compute;
import org.realera.tensor.Engine;
import org.realera.tensor.Precision;
import org.realera.tensor.Resources;

/** The scorers of {@code realera eval score}, each on the user's own model file. */
public final class PictureScorers {
  private PictureScorers() {}

  /** Scorers are small and their figures are compared between machines: always fp32. */
  private static Compute compute(String device) {
    return new Compute(Engine.compute(device, "fp32").device(), Precision.FP32);
  }

  /**
   * Counts what NudeNet finds.
   *
   * @param model {@code 320n.onnx}
   */
  public static PictureScorer nudeNet(Path model, NudeNetSettings settings) {
    return new NudeNetScoring(NudeNet.load(model), settings);
  }

  /**
   * Counts how often the celebrity detector sees a person.
   *
   * @param model the file that scripts/scorers/convert_celebrity.py makes
   * @param person one that the detector knows
   */
  public static PictureScorer celebrity(Path model, String person, String device) {
    CelebrityDetector detector = CelebrityDetector.load(model, compute(device));
    try {
      detector.requireKnown(person);
    } catch (RealeraException e) {
      detector.close();
      throw e;
    }
    return new CelebrityScoring(detector, person, new ArrayList<>());
  }

  /**
   * The CLIP score of every picture with its prompt.
   *
   * @param model folder of a CLIPModel
   * @param prompt the prompt of all pictures, or null: each has its own in its PNG's text {@code
   *     prompt}, where realera and others write it
   */
  public static PictureScorer clip(Path model, @Nullable String prompt, String device) {
    return new ClipScoring(ClipScorer.load(model, List.of(), compute(device)), prompt);
  }

  /**
   * FID between the pictures and a reference.
   *
   * @param model {@code inception-2015-12-05.pt}
   * @param reference a folder of pictures, or precomputed statistics ({@code .npz})
   * @param keep where to write the pictures' own statistics, or null
   */
  public static PictureScorer fid(
      Path model, Path reference, Resizing resizing, @Nullable Path keep, String device) {
    return Resources.load(
        resources -> {
          Inception inception =
              resources.own(Inception.load(model, compute(device), resizing), Inception::close);
          FeatureStatistics statistics;
          if (Files.isDirectory(reference)) {
            try (FidScoring other = new FidScoring(inception, null, null, new Resources())) {
              for (Path file : ImageFiles.below(List.of(reference))) {
                other.score(file, ImageFiles.read(file));
              }
              statistics = other.statistics();
            }
          } else {
            statistics = FeatureStatistics.read(reference);
          }
          return new FidScoring(inception, statistics, keep, resources);
        });
  }
}
