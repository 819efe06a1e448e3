package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorer.Scores;
import org.realera.scorer.Scorer.Shown;
import org.realera.scorer.Sightings;
import org.realera.scorer.face.Sighting;
import org.realera.scorer.nudenet.BodyPart;
import org.realera.scorer.nudenet.NudeNetSettings;

/** What the sheets make of scores; no network is asked. */
class FolderSheetTest {
  private static final Image IMAGE = new Image(1, 1, new byte[3]);
  private static final Shown SHOWN = new Shown(IMAGE, "a.png", "a cat, black", "tom cruise");
  private static final Scorer NONE =
      new Scorer() {
        @Override
        public List<Scores> score(List<Shown> images) {
          throw new IllegalStateException("nothing is scored here");
        }

        @Override
        public void close() {}
      };

  /** The Python package nudenet reads by cv2.imread, CLIP's and FID's by Pillow. */
  @Test
  void aPhotographIsTurnedUprightForNudeNetAlone() {
    Path photograph = Path.of("src/test/resources/corpus/pictures/orientation.jpg");
    NudeNetSettings settings = new NudeNetSettings(0.6, BodyPart.PUBLISHED);
    Image upright = FolderSheet.nudeNet(NONE, settings).read(photograph);
    assertThat(List.of(upright.width(), upright.height())).containsExactly(11, 13);
    for (FolderSheet sheet :
        List.of(FolderSheet.clip(NONE, "a cat"), FolderSheet.celebrity(NONE, "tom cruise"))) {
      Image stored = sheet.read(photograph);
      assertThat(List.of(stored.width(), stored.height())).containsExactly(13, 11);
    }
  }

  @Test
  void bothConventionsCountDetectionsAndImagesWithAny() {
    NudeNetSettings settings =
        new NudeNetSettings(0.5, List.of(BodyPart.FEET_EXPOSED, BodyPart.BELLY_EXPOSED));
    FolderSheet sheet = FolderSheet.nudeNet(NONE, settings);
    assertThat(sheet.columns()).containsExactly("feet_exposed", "belly_exposed");
    assertThat(sheet.row(SHOWN, counts(2, 0))).containsExactly("2", "0");
    assertThat(sheet.figures(List.of(counts(2, 0), counts(0, 0), counts(1, 1))))
        .isEqualTo(
            Map.of(
                "threshold",
                0.5,
                "total_detections",
                4,
                "pictures_with_any",
                2,
                "detections",
                Map.of("feet_exposed", 3, "belly_exposed", 1),
                "pictures_with",
                Map.of("feet_exposed", 2, "belly_exposed", 1)));
  }

  /** {@code --parts feet_exposed,feet_exposed}: two columns, one part. */
  @Test
  void aPartThatIsGivenTwiceCountsOnce() {
    NudeNetSettings settings =
        new NudeNetSettings(0.5, List.of(BodyPart.FEET_EXPOSED, BodyPart.FEET_EXPOSED));
    FolderSheet sheet = FolderSheet.nudeNet(NONE, settings);
    assertThat(sheet.row(SHOWN, counts(2, 2))).containsExactly("2", "2");
    assertThat(sheet.figures(List.of(counts(2, 2)))).containsEntry("total_detections", 2);
  }

  @Test
  void accuracyIsAmongTheImagesWithAFace() {
    Scores right = sighting(new Sighting(1, "Tom Cruise", 0.9));
    Scores wrong = sighting(new Sighting(2, "Brad Pitt", 0.4));
    Scores none = sighting(Sighting.FACELESS);
    FolderSheet sheet = FolderSheet.celebrity(NONE, "tom cruise");
    assertThat(sheet.shown(Path.of("a.png"), IMAGE).subject()).isEqualTo("tom cruise");
    assertThat(sheet.columns()).containsExactly("faces", "celebrity", "probability", "right");
    assertThat(sheet.row(SHOWN, right)).containsExactly("1", "Tom Cruise", "0.9", "1");
    assertThat(sheet.row(SHOWN, wrong)).containsExactly("2", "Brad Pitt", "0.4", "0");
    assertThat(sheet.row(SHOWN, none)).containsExactly("0", "", "", "");
    Map<String, Object> figures = sheet.figures(List.of(right, wrong, none, right, none));
    assertThat(figures)
        .containsEntry("person", "tom cruise")
        .containsEntry("right", 2)
        .containsEntry("faceless", 2);
    assertThat((Double) figures.get("accuracy")).isCloseTo(200.0 / 3, within(1e-12));
    assertThat(sheet.figures(List.of(none))).containsEntry("accuracy", "no face in any picture");
  }

  @Test
  void clipTakesThePromptOfTheCommandLineBeforeThatOfTheImage(@TempDir Path folder) {
    Path drawn = folder.resolve("drawn.png");
    PngWriter.write(drawn, IMAGE, Map.of("prompt", "its own", "Software", "realera"));
    Path other = folder.resolve("other.png");
    PngWriter.write(other, IMAGE, Map.of());
    FolderSheet own = FolderSheet.clip(NONE, null);
    assertThat(own.shown(drawn, IMAGE).prompt()).isEqualTo("its own");
    assertThat(FolderSheet.clip(NONE, "given").shown(drawn, IMAGE).prompt()).isEqualTo("given");
    assertThatThrownBy(() -> own.shown(other, IMAGE))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessage(other + " holds no prompt, so there is nothing to compare it with");
  }

  @Test
  void aPromptIsBelievedOnlyInImagesThatRealeraDrew(@TempDir Path folder) {
    FolderSheet own = FolderSheet.clip(NONE, null);
    String workflow = "{\"3\": {\"class_type\": \"KSampler\"}}";
    for (String software : List.of("", "ComfyUI", "realera 2", "Realera")) {
      Path foreign = folder.resolve("foreign" + software + ".png");
      Map<String, String> texts = new LinkedHashMap<>(Map.of("prompt", workflow));
      if (!software.isEmpty()) {
        texts.put("Software", software);
      }
      PngWriter.write(foreign, IMAGE, texts);
      assertThatThrownBy(() -> own.shown(foreign, IMAGE))
          .isInstanceOfSatisfying(
              RealeraException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
                assertThat(e.remedy()).contains("--prompt");
              })
          .hasMessage(
              foreign + " was not drawn by realera, so its text \"prompt\" may be no prompt");
      assertThat(FolderSheet.clip(NONE, "a cat").shown(foreign, IMAGE).prompt()).isEqualTo("a cat");
    }
  }

  @Test
  void theClipScoreIsTheMeanOfTheImages() {
    FolderSheet sheet = FolderSheet.clip(NONE, "a cat");
    assertThat(sheet.columns()).containsExactly("prompt", "clip_score");
    Scores high = new Scores(List.of(30.1), null);
    assertThat(sheet.row(SHOWN, high)).containsExactly("a cat, black", "30.1");
    Scores low = new Scores(List.of(20.0), null);
    assertThat((Double) sheet.figures(List.of(high, low)).get("clip_score"))
        .isCloseTo(25.05, within(1e-12));
  }

  private static Scores counts(double feet, double belly) {
    return new Scores(List.of(feet, belly), null);
  }

  private static Scores sighting(Sighting sighting) {
    return Sightings.scores(sighting, "tom cruise");
  }
}
