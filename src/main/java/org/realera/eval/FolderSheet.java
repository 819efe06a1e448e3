package org.realera.eval;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageTexts;
import org.realera.diffusion.images.PngReader;
import org.realera.scorer.FidScorer;
import org.realera.scorer.ImageFiles;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorer.Scores;
import org.realera.scorer.Scorer.Shown;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.scorer.nudenet.BodyPart;
import org.realera.scorer.nudenet.NudeNetSettings;

/**
 * How {@link FolderScoring} writes what a scorer says: the columns of {@code scores.csv} and the
 * figures of {@code score.json}.
 */
public abstract sealed class FolderSheet implements AutoCloseable {
  private final Scorer scorer;

  private FolderSheet(Scorer scorer) {
    this.scorer = scorer;
  }

  /** Detections and images that have any, in all and of each part. */
  public static FolderSheet nudeNet(Scorer scorer, NudeNetSettings settings) {
    return new NudeNetSheet(scorer, settings);
  }

  /** How often a person is seen among the images with a face. */
  public static FolderSheet celebrity(Scorer scorer, String person) {
    return new CelebritySheet(scorer, person);
  }

  /**
   * The mean CLIP score.
   *
   * @param prompt the prompt of all images, or null: each has its own in its PNG's text {@code
   *     prompt}, believed only where realera drew it: others write what is no prompt there
   */
  public static FolderSheet clip(Scorer scorer, @Nullable String prompt) {
    return new ClipSheet(scorer, prompt);
  }

  /**
   * The distance to the scorer's reference.
   *
   * @param keep where to write the images' own statistics, or null
   */
  public static FolderSheet fid(FidScorer scorer, @Nullable Path keep) {
    return new FidSheet(scorer, keep);
  }

  Scorer scorer() {
    return scorer;
  }

  /** Reads an image as the scorer's original does. */
  Image read(Path file) {
    return ImageFiles.read(file);
  }

  /**
   * An image with what it should show.
   *
   * @throws RealeraException (damaged) if nothing says so
   */
  Shown shown(Path file, Image image) {
    return new Shown(image, file.toString(), "", "");
  }

  /** What a user should know before anything is scored; empty for nothing. */
  Optional<String> doubt() {
    return Optional.empty();
  }

  /** The columns after the file's name. */
  abstract List<String> columns();

  /** A cell for each column. */
  abstract List<String> row(Shown shown, Scores scores);

  /** The figures of all images and the settings they depend on, in a fixed order. */
  abstract Map<String, Object> figures(List<Scores> all);

  @Override
  public void close() {
    scorer.close();
  }

  private static final class NudeNetSheet extends FolderSheet {
    private final NudeNetSettings settings;

    NudeNetSheet(Scorer scorer, NudeNetSettings settings) {
      super(scorer);
      this.settings = settings;
    }

    private static String name(BodyPart part) {
      return part.name().toLowerCase(Locale.ROOT);
    }

    @Override
    Image read(Path file) {
      return ImageFiles.readAsOpenCv(file);
    }

    @Override
    List<String> columns() {
      return settings.parts().stream().map(NudeNetSheet::name).toList();
    }

    @Override
    List<String> row(Shown shown, Scores scores) {
      return scores.values().stream().map(count -> String.valueOf(count.intValue())).toList();
    }

    @Override
    Map<String, Object> figures(List<Scores> all) {
      Map<String, Object> detections = new LinkedHashMap<>();
      Map<String, Object> images = new LinkedHashMap<>();
      int total = 0;
      for (BodyPart part : new LinkedHashSet<>(settings.parts())) {
        int index = settings.parts().indexOf(part);
        int found = all.stream().mapToInt(scores -> scores.values().get(index).intValue()).sum();
        total += found;
        detections.put(name(part), found);
        images.put(name(part), (int) all.stream().filter(s -> s.values().get(index) > 0).count());
      }
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("threshold", settings.threshold());
      figures.put("total_detections", total);
      figures.put(
          "pictures_with_any",
          (int) all.stream().filter(s -> s.values().stream().anyMatch(n -> n > 0)).count());
      figures.put("detections", detections);
      figures.put("pictures_with", images);
      return figures;
    }
  }

  private static final class CelebritySheet extends FolderSheet {
    private final String person;

    CelebritySheet(Scorer scorer, String person) {
      super(scorer);
      this.person = person;
    }

    @Override
    Shown shown(Path file, Image image) {
      return new Shown(image, file.toString(), "", person);
    }

    @Override
    List<String> columns() {
      return List.of("faces", "celebrity", "probability", "right");
    }

    @Override
    List<String> row(Shown shown, Scores scores) {
      String faces = String.valueOf(scores.values().get(0).intValue());
      String name = scores.seen();
      return name == null
          ? List.of(faces, "", "", "")
          : List.of(
              faces,
              name,
              String.valueOf(scores.values().get(2).floatValue()),
              String.valueOf(scores.values().get(1).intValue()));
    }

    @Override
    Map<String, Object> figures(List<Scores> all) {
      int faceless = (int) all.stream().filter(scores -> scores.values().get(0) == 0).count();
      int right = (int) all.stream().filter(scores -> scores.values().get(1) > 0).count();
      int faces = all.size() - faceless;
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("person", person);
      figures.put("accuracy", faces == 0 ? "no face in any picture" : 100.0 * right / faces);
      figures.put("right", right);
      figures.put("faceless", faceless);
      return figures;
    }
  }

  private static final class ClipSheet extends FolderSheet {
    private final @Nullable String prompt;

    ClipSheet(Scorer scorer, @Nullable String prompt) {
      super(scorer);
      this.prompt = prompt;
    }

    @Override
    Shown shown(Path file, Image image) {
      return new Shown(image, file.toString(), prompt == null ? own(file) : prompt, "");
    }

    private static String own(Path file) {
      Map<String, String> texts = PngReader.texts(file);
      return ImageTexts.ownOf(texts)
          .flatMap(ImageTexts::prompt)
          .orElseThrow(
              () ->
                  RealeraException.damaged(
                      file
                          + (texts.containsKey(ImageTexts.PROMPT)
                              ? " was not drawn by realera, so its text \"prompt\" may be no prompt"
                              : " holds no prompt, so there is nothing to compare it with"),
                      "Give the prompt with --prompt, or score PNGs that realera drew."));
    }

    @Override
    List<String> columns() {
      return List.of("prompt", "clip_score");
    }

    @Override
    List<String> row(Shown shown, Scores scores) {
      return List.of(shown.prompt(), String.valueOf(scores.values().get(0).floatValue()));
    }

    @Override
    Map<String, Object> figures(List<Scores> all) {
      return Map.of(
          "clip_score", all.stream().mapToDouble(s -> s.values().get(0)).average().orElse(0));
    }
  }

  private static final class FidSheet extends FolderSheet {
    private final FidScorer fid;
    private final @Nullable Path keep;

    FidSheet(FidScorer fid, @Nullable Path keep) {
      super(fid);
      this.fid = fid;
      this.keep = keep;
    }

    @Override
    Optional<String> doubt() {
      return fid.doubt();
    }

    @Override
    List<String> columns() {
      return List.of();
    }

    @Override
    List<String> row(Shown shown, Scores scores) {
      return List.of();
    }

    @Override
    Map<String, Object> figures(List<Scores> all) {
      FeatureStatistics statistics = fid.statistics();
      if (keep != null) {
        statistics.write(keep);
      }
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("fid", fid.distance(statistics));
      figures.put("features", statistics.size());
      if (all.size() <= statistics.size()) {
        figures.put(
            "note",
            "fewer pictures than features: the covariance is singular and FID far too high");
      }
      figures.put("resize", fid.resizing().id());
      return figures;
    }
  }
}
