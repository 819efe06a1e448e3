package org.realera.scorer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.files.Digests;
import org.realera.scorer.clip.ClipScore;
import org.realera.scorer.clip.ClipScorer;
import org.realera.scorer.face.CelebrityDetector;
import org.realera.scorer.face.Sighting;
import org.realera.scorer.fid.Inception.Resizing;
import org.realera.scorer.nudenet.BodyPart;
import org.realera.scorer.nudenet.NudeNet;
import org.realera.scorer.nudenet.NudeNetSettings;
import org.realera.tensor.Compute;
import org.realera.tensor.Engine;
import org.realera.tensor.Precision;

/** Loads the scorers. Each throws (not found, damaged) if the model is not of its kind. */
public final class Scorers {
  private Scorers() {}

  /** Which scorer it is: the digest of its file, or of what is read of its folder. */
  public static String fingerprint(Path model) {
    return Files.isRegularFile(model)
        ? Digests.sha256(List.of(model))
        : ClipScorer.fingerprint(model);
  }

  /**
   * Where scorers compute. They are small and their figures are compared between machines: always
   * fp32.
   *
   * @param device {@code auto}, {@code cpu} or {@code cuda[:N]}
   */
  public static Compute compute(String device) {
    return new Compute(Engine.compute(device, "fp32").device(), Precision.FP32);
  }

  /**
   * 100 x cosine with each of some prompts.
   *
   * @param model folder of a CLIPModel
   */
  public static Scorer classifier(Path model, List<String> prompts, Compute compute) {
    return new Classifier(ClipScorer.load(model, prompts, compute));
  }

  /**
   * The CLIP score of each image and its prompt.
   *
   * @param model folder of a CLIPModel
   */
  public static Scorer clip(Path model, Compute compute) {
    return new PromptFit(ClipScorer.load(model, List.of(), compute));
  }

  /**
   * Whom the celebrity detector sees, in the values of {@link #sighting}.
   *
   * @param model the file that scripts/scorers/convert_celebrity.py makes
   * @param people those it will be asked for
   * @throws org.realera.RealeraException (usage) if it does not know one of them
   */
  public static Scorer celebrity(Path model, List<String> people, Compute compute) {
    CelebrityDetector detector = CelebrityDetector.load(model, compute);
    try {
      people.forEach(detector::requireKnown);
    } catch (RuntimeException e) {
      detector.close();
      throw e;
    }
    return new Celebrity(detector);
  }

  /**
   * How many of each exposed part NudeNet finds, in the order of the settings.
   *
   * @param model {@code 320n.onnx}
   */
  public static Scorer nudeNet(Path model, NudeNetSettings settings) {
    return new Explicit(NudeNet.load(model), settings);
  }

  /**
   * FID between the images and a reference.
   *
   * @param model {@code inception-2015-12-05.pt}
   * @param reference a folder of images, or precomputed statistics ({@code .npz})
   */
  public static FidScorer fid(Path model, Path reference, Resizing resizing, Compute compute) {
    return FidScorer.load(model, reference, resizing, compute);
  }

  /** A sighting as numbers: faces, 1 if it is the subject, the probability; and who it is. */
  static Scorer.Scores sighting(Sighting sighting, String subject) {
    return new Scorer.Scores(
        List.of(
            (double) sighting.faces(), sighting.is(subject) ? 1.0 : 0.0, sighting.probability()),
        sighting.name());
  }

  /** Looks at one image; an error names it. */
  private static <T> T named(Scorer.Shown shown, Function<Image, T> look) {
    try {
      return look.apply(shown.image());
    } catch (RealeraException e) {
      throw e.saying(shown.name() + ": " + e.getMessage(), e);
    }
  }

  /** What CLIP says of a batch; an image's features that are no numbers leave no score. */
  private static List<Scorer.Scores> numbers(
      List<Scorer.Shown> shown, List<? extends List<? extends Number>> values) {
    List<Scorer.Scores> scores = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      List<Double> row = values.get(i).stream().map(Number::doubleValue).toList();
      if (!row.stream().allMatch(Double::isFinite)) {
        throw RealeraException.damaged(
            shown.get(i).name() + ": CLIP's image encoder gives numbers that are NaN or infinite",
            "The scorer's weights are broken: fetch them again.");
      }
      scores.add(new Scorer.Scores(row, null));
    }
    return scores;
  }

  private static List<Image> images(List<Scorer.Shown> shown) {
    return shown.stream().map(Scorer.Shown::image).toList();
  }

  private record Classifier(ClipScorer scorer) implements Scorer {
    @Override
    public List<Scores> score(List<Shown> shown) {
      return numbers(shown, scorer.score(images(shown)));
    }

    @Override
    public void close() {
      scorer.close();
    }
  }

  private record PromptFit(ClipScorer scorer) implements Scorer {
    @Override
    public List<Scores> score(List<Shown> shown) {
      List<String> prompts = shown.stream().map(Shown::prompt).toList();
      return numbers(
          shown,
          scorer.score(images(shown), prompts).stream()
              .map(cosine -> List.of(ClipScore.clipped(cosine)))
              .toList());
    }

    @Override
    public void close() {
      scorer.close();
    }
  }

  private record Celebrity(CelebrityDetector detector) implements Scorer {
    @Override
    public List<Scores> score(List<Shown> shown) {
      return shown.stream().map(s -> sighting(named(s, detector::look), s.subject())).toList();
    }

    @Override
    public void close() {
      detector.close();
    }
  }

  private record Explicit(NudeNet detector, NudeNetSettings settings) implements Scorer {
    @Override
    public List<Scores> score(List<Shown> shown) {
      return shown.stream().map(s -> named(s, this::counts)).toList();
    }

    private Scores counts(Image image) {
      Map<BodyPart, Integer> counts = settings.counts(detector.detect(image));
      return new Scores(
          settings.parts().stream().map(part -> (double) counts.getOrDefault(part, 0)).toList(),
          null);
    }

    @Override
    public void close() {
      detector.close();
    }
  }
}
