package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.Scorers;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.scorer.fid.Inception.Resizing;
import org.realera.scorer.nudenet.BodyPart;
import org.realera.scorer.nudenet.NudeNetSettings;

class FolderScoringTest {
  @TempDir private Path folder;
  private Path images;

  @BeforeEach
  void draw() throws Exception {
    images = folder.resolve("images");
    Files.createDirectories(images.resolve("b"));
    write("b/two, quoted.png", 200, Map.of("prompt", "a \u732b"));
    write("a.png", 20, Map.of("seed", "1", "prompt", "a caf\u00e9"));
    write("b/three.png", 90, Map.of());
  }

  @Test
  void everyImageIsARowAndTheFiguresAreThere() throws Exception {
    Path model = ScorerGolden.file("nudenet/tiny.onnx");
    NudeNetSettings settings = new NudeNetSettings(0.6, List.of(BodyPart.ARMPITS_EXPOSED));
    try (FolderSheet sheet = FolderSheet.nudeNet(Scorers.nudeNet(model, settings), settings)) {
      FolderScoring.run("nudenet", model, sheet, List.of(images), folder, Progress.NONE);
    }
    assertThat(Files.readAllLines(folder.resolve("scores.csv")))
        .hasSize(4)
        .startsWith("file,armpits_exposed", images + "/a.png,1")
        .contains("\"" + images + "/b/two, quoted.png\",1");
    JsonNode figures = json();
    assertThat(figures.get("schema").asText()).isEqualTo("realera-eval-score/1");
    assertThat(figures.get("model_sha256").asText()).hasSize(64);
    assertThat(figures.get("pictures").asInt()).isEqualTo(3);
    assertThat(figures.get("total_detections").asInt()).isEqualTo(3);
    assertThat(figures.get("pictures_with_any").asInt()).isEqualTo(3);
    assertThat(figures.get("threshold").asDouble()).isEqualTo(0.6);
  }

  @Test
  void anImageThatTwoFoldersHoldIsScoredOnceAndThatIsSaid() throws Exception {
    Path model = ScorerGolden.file("nudenet/tiny.onnx");
    NudeNetSettings settings = new NudeNetSettings(0.6, List.of(BodyPart.ARMPITS_EXPOSED));
    List<String> notes = new ArrayList<>();
    try (FolderSheet sheet = FolderSheet.nudeNet(Scorers.nudeNet(model, settings), settings)) {
      List<Path> both = List.of(images, images.resolve("b"));
      FolderScoring.run("nudenet", model, sheet, both, folder, into(notes));
    }
    assertThat(json().get("pictures").asInt()).isEqualTo(3);
    assertThat(notes).anyMatch(note -> note.startsWith("2 paths lead to pictures"));
  }

  @Test
  void fidOfImagesWithThemselvesIsZeroWhetherFromAFolderOrItsStatistics() throws Exception {
    Path statistics = folder.resolve("own.npz");
    assertThat(fid(images, statistics)).isBetween(-1e-6, 1e-6);
    assertThat(fid(statistics, null)).isBetween(-1e-6, 1e-6);
    assertThat(json().get("note").asText()).contains("fewer pictures than features");
  }

  /** The covariance of n images has rank n - 1. */
  @Test
  void asManyImagesAsFeaturesAreStillTooFew() throws Exception {
    fid(images, null);
    int features = json().get("features").asInt();
    for (int i = 3; i < features; i++) {
      write("more-" + i + ".png", i, Map.of());
    }
    fid(images, null);
    assertThat(json().get("pictures").asInt()).isEqualTo(features);
    assertThat(json().has("note")).isTrue();
    write("last.png", 250, Map.of());
    fid(images, null);
    assertThat(json().has("note")).isFalse();
  }

  @Test
  void fidOfOtherImagesIsADistance() throws Exception {
    Path others = folder.resolve("others");
    Files.createDirectories(others);
    Files.copy(images.resolve("a.png"), others.resolve("a.png"));
    Files.copy(images.resolve("b/three.png"), others.resolve("b.png"));
    Path statistics = folder.resolve("others.npz");
    assertThat(fid(others, null)).isGreaterThan(1e-3);
    assertThat(json().get("pictures").asInt()).isEqualTo(3);
    images = others;
    fid(others, statistics);
    images = folder.resolve("images");
    assertThat(fid(statistics, null)).isEqualTo(fid(others, null));
  }

  @Test
  void statisticsOfImagesThatWereResizedOtherwiseAreRefused() throws Exception {
    Path own = folder.resolve("own.npz");
    fid(images, Resizing.INSIDE, own, Progress.NONE);
    assertThat(fid(own, Resizing.INSIDE, null, Progress.NONE)).isBetween(-1e-6, 1e-6);
    assertThatThrownBy(() -> fid(own, Resizing.CLEAN, null, Progress.NONE))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(RealeraException.Kind.USAGE);
              assertThat(e.remedy())
                  .isEqualTo(
                      "Make the statistics again with `realera eval score fid --resize clean"
                          + " --save-statistics`, or compare by `realera eval score fid --resize"
                          + " inside`.");
            })
        .hasMessage(
            own
                + " is of pictures with --resize inside, and is to be compared with --resize clean");
  }

  @Test
  void ofStatisticsThatDoNotSayHowANoteSaysWhatTheyMustBe() throws Exception {
    Path own = folder.resolve("own.npz");
    List<String> notes = new ArrayList<>();
    fid(images, Resizing.INSIDE, own, into(notes));
    fid(own, Resizing.INSIDE, null, into(notes));
    assertThat(notes).isEmpty();
    FeatureStatistics read = FeatureStatistics.read(own);
    new FeatureStatistics(read.mean(), read.covariance()).write(own);
    fid(own, Resizing.INSIDE, null, into(notes));
    fid(own, Resizing.CLEAN, null, into(notes));
    String start =
        own
            + " does not say how its pictures were resized: the distance is FID only if that was"
            + " clean-fid's mode ";
    assertThat(notes).containsExactly(start + "legacy_tensorflow", start + "clean");
  }

  private static Progress into(List<String> notes) {
    return new Progress() {
      @Override
      public void note(String line) {
        notes.add(line);
      }
    };
  }

  private double fid(Path reference, @Nullable Path keep) throws Exception {
    return fid(reference, Resizing.CLEAN, keep, Progress.NONE);
  }

  private double fid(Path reference, Resizing how, @Nullable Path keep, Progress progress)
      throws Exception {
    Path model = ScorerGolden.file("fid/inception.pt");
    try (FolderSheet sheet =
        FolderSheet.fid(Scorers.fid(model, reference, how, Scorers.compute("cpu")), keep)) {
      FolderScoring.run("fid", model, sheet, List.of(images), folder, progress);
    }
    return json().get("fid").asDouble();
  }

  private void write(String name, int grey, Map<String, String> texts) {
    byte[] rgb = new byte[3 * 64 * 64];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (grey + i % 17);
    }
    PngWriter.write(images.resolve(name), new Image(64, 64, rgb), texts);
  }

  private JsonNode json() throws Exception {
    return new JsonMapper().readTree(Files.readAllBytes(folder.resolve("score.json")));
  }
}
