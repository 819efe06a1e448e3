package org.realera.scorer;

import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.diffusion.Picture;
import org.realera.diffusion.PngReader;
import org.realera.scorer.clip.ClipScore;
import org.realera.scorer.clip.ClipScorer;
import org.realera.scorer.face.CelebrityDetector;
import org.realera.scorer.face.CelebrityTally;
import org.realera.scorer.face.Sighting;
import org.realera.scorer.fid.FeatureMoments;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.scorer.fid.Inception;
import org.realera.scorer.fid.Inception.Resizing;
import org.realera.scorer.nudenet.BodyPart;
import org.realera.scorer.nudenet.Detection;
import org.realera.scorer.nudenet.NudeNet;
import org.realera.scorer.nudenet.NudeNetSettings;
import org.realera.scorer.nudenet.NudeNetTally;
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

  private record NudeNetScoring(
      NudeNet detector, NudeNetSettings settings, List<List<Detection>> found)
      implements PictureScorer {
    NudeNetScoring(NudeNet detector, NudeNetSettings settings) {
      this(detector, settings, new ArrayList<>());
    }

    @Override
    public List<String> columns() {
      return settings.parts().stream().map(part -> part.name().toLowerCase(Locale.ROOT)).toList();
    }

    @Override
    public List<String> score(Path file, Picture picture) {
      List<Detection> detections =
          detector.detect(picture).stream().filter(settings::counts).toList();
      found.add(detections);
      Map<BodyPart, Integer> counts = NudeNetTally.counts(detections, settings);
      return settings.parts().stream().map(part -> String.valueOf(counts.get(part))).toList();
    }

    @Override
    public Map<String, Object> totals() {
      NudeNetTally tally = NudeNetTally.of(found, settings);
      Map<String, Object> detections = new LinkedHashMap<>();
      Map<String, Object> pictures = new LinkedHashMap<>();
      for (BodyPart part : settings.parts()) {
        String name = part.name().toLowerCase(Locale.ROOT);
        detections.put(name, tally.detections().getOrDefault(part, 0));
        pictures.put(name, tally.picturesWith().getOrDefault(part, 0));
      }
      Map<String, Object> totals = new LinkedHashMap<>();
      totals.put("threshold", settings.threshold());
      totals.put("total_detections", tally.total());
      totals.put("pictures_with_any", tally.picturesWithAny());
      totals.put("detections", detections);
      totals.put("pictures_with", pictures);
      return totals;
    }

    @Override
    public void close() {
      detector.close();
    }
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

  private record CelebrityScoring(
      CelebrityDetector detector, String person, List<Sighting> sightings)
      implements PictureScorer {
    @Override
    public List<String> columns() {
      return List.of("faces", "celebrity", "probability", "right");
    }

    @Override
    public List<String> score(Path file, Picture picture) {
      Sighting sighting = detector.look(picture);
      sightings.add(sighting);
      String name = sighting.name();
      return List.of(
          String.valueOf(sighting.faces()),
          name == null ? "" : name,
          name == null ? "" : String.valueOf((float) sighting.probability()),
          name == null ? "" : sighting.is(person) ? "1" : "0");
    }

    @Override
    public Map<String, Object> totals() {
      CelebrityTally tally = CelebrityTally.of(sightings, person);
      OptionalDouble accuracy = tally.accuracy();
      Map<String, Object> totals = new LinkedHashMap<>();
      totals.put("person", person);
      totals.put(
          "accuracy", accuracy.isPresent() ? accuracy.getAsDouble() : "no face in any picture");
      totals.put("right", tally.right());
      totals.put("faceless", tally.faceless());
      return totals;
    }

    @Override
    public void close() {
      detector.close();
    }
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

  private static final class ClipScoring implements PictureScorer {
    private final ClipScorer scorer;
    private final @Nullable String prompt;
    private final List<Double> scores = new ArrayList<>();

    ClipScoring(ClipScorer scorer, @Nullable String prompt) {
      this.scorer = scorer;
      this.prompt = prompt;
    }

    @Override
    public List<String> columns() {
      return List.of("prompt", "clip_score");
    }

    @Override
    public List<String> score(Path file, Picture picture) {
      String text = prompt == null ? PngReader.text(file, "prompt") : prompt;
      if (text == null) {
        throw RealeraException.damaged(
            file + " holds no prompt, so there is nothing to compare it with",
            "give the prompt with --prompt, or score PNGs that realera drew");
      }
      double score = ClipScore.clipped(scorer.score(picture, text));
      scores.add(score);
      return List.of(text, String.valueOf((float) score));
    }

    @Override
    public Map<String, Object> totals() {
      return Map.of(
          "clip_score", scores.stream().mapToDouble(Double::doubleValue).average().orElse(0));
    }

    @Override
    public void close() {
      scorer.close();
    }
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
              for (Path file : PictureFiles.below(List.of(reference))) {
                other.score(file, PictureFiles.read(file));
              }
              statistics = other.moments.statistics();
            }
          } else {
            statistics = FeatureStatistics.read(reference);
          }
          return new FidScoring(inception, statistics, keep, resources);
        });
  }

  private static final class FidScoring implements PictureScorer {
    private final Inception inception;
    private final @Nullable FeatureStatistics reference;
    private final @Nullable Path keep;
    private final Resources resources;
    private final FeatureMoments moments;

    FidScoring(
        Inception inception,
        @Nullable FeatureStatistics reference,
        @Nullable Path keep,
        Resources resources) {
      this.inception = inception;
      this.reference = reference;
      this.keep = keep;
      this.resources = resources;
      this.moments = resources.own(new FeatureMoments(), FeatureMoments::close);
    }

    @Override
    public List<String> columns() {
      return List.of();
    }

    @Override
    public List<String> score(Path file, Picture picture) {
      try (NDManager scope = NDManager.newBaseManager()) {
        moments.add(inception.features(scope, List.of(picture)));
      }
      return List.of();
    }

    @Override
    public Map<String, Object> totals() {
      FeatureStatistics statistics = moments.statistics();
      if (keep != null) {
        statistics.write(keep);
      }
      Map<String, Object> totals = new LinkedHashMap<>();
      if (reference != null) {
        totals.put("fid", FeatureMoments.distance(statistics, reference));
      }
      totals.put("features", statistics.size());
      if (moments.count() <= statistics.size()) {
        totals.put(
            "note",
            "fewer pictures than features: the covariance is singular and FID far too high");
      }
      return totals;
    }

    @Override
    public void close() {
      resources.close();
    }
  }
}
