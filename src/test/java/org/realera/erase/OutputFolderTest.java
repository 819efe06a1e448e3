package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.HalfReplaced;
import org.realera.files.Json;

class OutputFolderTest {
  private static final String SAVED = "alignment.safetensors";
  private static final String IMAGES = "pictures";

  @TempDir Path root;
  private Path model;
  private Path out;

  @BeforeEach
  void folders() throws IOException {
    model = Files.createDirectory(root.resolve("model"));
    out = root.resolve("runs/out");
  }

  @Test
  void outAppearsOnlyWhenCommittedAndNothingElseStays() throws IOException {
    try (OutputFolder folder = open(false, false)) {
      assertThat(folder.adopt(settings(1))).isFalse();
      Files.writeString(folder.staging().resolve("model_index.json"), "new");
      assertThat(out).doesNotExist();
      folder.commit();
    }
    assertThat(list(out.getParent())).containsExactly("out");
    assertThat(out.resolve("model_index.json")).hasContent("new");
  }

  @Test
  void aRunThatFailsBeforeItsFirstSavedStepLeavesNothing() throws IOException {
    try (OutputFolder folder = open(false, false)) {
      folder.adopt(settings(1));
      Files.writeString(folder.staging().resolve("half"), "written");
    }
    assertThat(out.getParent()).doesNotExist();
  }

  /** What fails by the settings would fail again; a full disk or a broken one is mended. */
  @Test
  void imagesOutliveAFailureUnlessItWouldComeAgain() throws IOException {
    var io = new IOException("broken");
    for (RealeraException passing :
        List.of(
            new RealeraException(Kind.RESOURCES, "no space left", "Free some."),
            new RealeraException(Kind.FAILED, "can't write", "Check the disk.", io))) {
      drawnThenFailed(passing);
      assertThat(out.resolveSibling("out.state").resolve(IMAGES)).exists();
      try (OutputFolder folder = open(false, true)) {
        assertThat(folder.adopt(settings(1))).isTrue();
        folder.drop();
      }
    }
    for (Kind lasting : List.of(Kind.FAILED, Kind.USAGE)) {
      drawnThenFailed(new RealeraException(lasting, "diverged", "Lower the rate."));
      assertThat(out.resolveSibling("out.state")).doesNotExist();
    }
    saveStep(1);
    try (OutputFolder folder = open(false, true)) {
      Files.createDirectory(folder.state().resolve(IMAGES));
      folder.forsake(new RealeraException(Kind.FAILED, "diverged", "Lower the rate."));
      assertThat(folder.state().resolve(IMAGES)).exists();
    }
  }

  /** A copy that was cut off may lack it; the steps are hours of work. */
  @Test
  void savedStepsWithoutTheirSettingsAreKept() throws IOException {
    saveStep(1);
    Path state = out.resolveSibling("out.state");
    Files.delete(state.resolve("settings.json"));
    List<String> before = list(state);
    try (OutputFolder folder = open(false, true)) {
      assertThat(failure(() -> folder.adopt(settings(1))))
          .hasMessageContaining(state + " has no settings.json");
    }
    assertThat(list(state)).containsAll(before).isNotEmpty();
  }

  private void drawnThenFailed(RealeraException e) throws IOException {
    try (OutputFolder folder = open(false, false)) {
      folder.adopt(settings(1));
      Files.createDirectory(folder.state().resolve(IMAGES));
      folder.forsake(e);
    }
  }

  @Test
  void errorsNameTheFolderThatTheUserGave() {
    try (OutputFolder folder = open(false, false)) {
      Path file = folder.staging().resolve("unet/x");
      var full =
          new RealeraException(Kind.RESOURCES, "no space left to write " + file, "Free some.");
      assertThat(folder.named(full))
          .hasMessage("no space left to write " + out.resolve("unet/x"))
          .extracting(RealeraException::kind)
          .isEqualTo(Kind.RESOURCES);
    }
  }

  @Test
  void anExistingOutIsRefusedBeforeAnythingIsWritten() throws IOException {
    model(out, "old");
    RealeraException e = failure(() -> open(false, false));
    assertThat(e.kind()).isEqualTo(Kind.USAGE);
    assertThat(e).hasMessage("the output folder " + out + " exists");
    assertThat(e.remedy()).contains("--force");
    assertThat(list(out.getParent())).containsExactly("out");
  }

  @Test
  void forceReplacesAModelWhole() throws IOException {
    model(out, "old");
    Files.writeString(out.resolve("extra"), "old");
    try (OutputFolder folder = open(true, false)) {
      folder.adopt(settings(1));
      Files.writeString(folder.staging().resolve("model_index.json"), "new");
      assertThat(out.resolve("extra")).exists();
      folder.commit();
    }
    assertThat(list(out)).containsExactly("model_index.json");
    assertThat(list(out.getParent())).containsExactly("out");
  }

  @Test
  void forceReplacesNothingButAModel() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("thesis.tex"), "years of work");
    assertThat(failure(() -> open(true, false))).hasMessageContaining("no model folder");
    assertThat(failure(() -> open(false, false))).hasMessageContaining("no model folder");
    assertThat(out.resolve("thesis.tex")).exists();
  }

  @Test
  void aKillBetweenTheTwoRenamesOfAReplacementBringsTheOldModelBack() throws IOException {
    try (OutputFolder folder = open(false, false)) {
      model(folder.state().resolve("replaced"), "old");
    }
    assertThat(out).doesNotExist();
    assertThat(failure(() -> open(false, false))).hasMessageContaining("exists");
    assertThat(out.resolve("model_index.json")).hasContent("old");
  }

  @Test
  void theModelThatIsReadIsNeverTheOneThatIsWritten() throws IOException {
    for (Path bad : List.of(model, model.resolve("inside"), root, Path.of(root + "/x/../model"))) {
      RealeraException e = failure(() -> OutputFolder.open(bad, model, true, true, 0));
      assertThat(e).hasMessageContaining("overlap");
    }
    Path link = Files.createSymbolicLink(root.resolve("link"), model);
    Path linkToRoot = Files.createSymbolicLink(root.resolve("root"), root);
    for (Path bad : List.of(link, link.resolve("inside"), linkToRoot)) {
      assertThat(failure(() -> OutputFolder.open(bad, model, true, false, 0)))
          .hasMessageContaining("overlap");
    }
  }

  /** Else the rename into its place would fail, after hours. */
  @Test
  void aLinkToNothingIsRefusedBeforeAnyWork() throws IOException {
    Files.createDirectories(out.getParent());
    Files.createSymbolicLink(out, root.resolve("other/disk"));
    RealeraException e = failure(() -> open(false, false));
    assertThat(e.kind()).isEqualTo(Kind.USAGE);
    assertThat(e).hasMessage("the output " + out + " is a link to nothing");
    assertThat(list(out.getParent())).containsExactly("out");
  }

  @Test
  void whatALinkLeadsToIsWritten() throws IOException {
    Path real = Files.createDirectories(root.resolve("disk/real"));
    Files.createDirectories(out.getParent());
    Files.createSymbolicLink(out, Path.of("../disk/real"));
    for (boolean force : new boolean[] {false, true}) {
      try (OutputFolder folder = open(force, false)) {
        folder.adopt(settings(1));
        assertThat(folder.state()).isEqualTo(real.toRealPath().resolveSibling("real.state"));
        Files.writeString(folder.staging().resolve("model_index.json"), "forced " + force);
        folder.commit();
      }
      assertThat(out).isSymbolicLink();
      assertThat(real.resolve("model_index.json")).hasContent("forced " + force);
    }
    assertThat(list(out.getParent())).containsExactly("out");
    assertThat(list(real.getParent())).containsExactly("real");
    assertThat(failure(() -> open(false, false))).hasMessageContaining(out + " exists");
  }

  /** Between the two renames the link leads to nothing, too. */
  @Test
  void aReplacementThatWasKilledBehindALinkIsUndone() throws IOException {
    Path real = Files.createDirectories(root.resolve("disk/real"));
    Files.createDirectories(out.getParent());
    Files.createSymbolicLink(out, real);
    try (OutputFolder folder = open(true, false)) {
      folder.adopt(settings(1));
      model(folder.state().resolve("replaced"), "old");
      Files.delete(real);
    }
    assertThat(HalfReplaced.find(out)).map(HalfReplaced::output).contains(real);
    assertThat(failure(() -> open(false, false))).hasMessageContaining("exists");
    assertThat(real.resolve("model_index.json")).hasContent("old");
  }

  @Test
  void anEmptyFolderIsTakenAndNothingIsSaidToBeThere() throws IOException {
    for (boolean resume : new boolean[] {false, true}) {
      Files.createDirectories(out);
      try (OutputFolder folder = open(false, resume)) {
        assertThat(folder.exists()).isFalse();
        assertThat(folder.adopt(settings(1))).isFalse();
        Files.writeString(folder.staging().resolve("model_index.json"), "new");
        folder.commit();
      }
      assertThat(out.resolve("model_index.json")).hasContent("new");
      Files.delete(out.resolve("model_index.json"));
    }
    assertThat(list(out.getParent())).containsExactly("out");
  }

  @Test
  void anEmptyFolderStaysWhenTheRunFails() throws IOException {
    Files.createDirectories(out);
    try (OutputFolder folder = open(false, false)) {
      folder.adopt(settings(1));
    }
    assertThat(out).isEmptyDirectory();
    assertThat(list(out.getParent())).containsExactly("out");
  }

  @Test
  void aResumedRunThatMightReplaceAModelReplacesNothingElse() throws IOException {
    try (OutputFolder folder = open(true, false)) {
      folder.adopt(settings(1));
      Files.writeString(folder.state().resolve(SAVED), "step");
    }
    Files.createDirectories(out);
    Files.writeString(out.resolve("thesis.tex"), "years of work");
    try (OutputFolder folder = open(false, true)) {
      assertThat(failure(() -> folder.adopt(settings(1)))).hasMessageContaining("no model folder");
    }
    assertThat(out.resolve("thesis.tex")).hasContent("years of work");
  }

  @Test
  void anUnfinishedRunIsNeitherForgottenNorTakenUpUnasked() throws IOException {
    saveStep(1);
    RealeraException e = failure(() -> open(false, false));
    assertThat(e).hasMessageContaining("unfinished run").hasMessageContaining("out.state");
    assertThat(e.remedy()).contains("--resume").contains("--force");
    try (OutputFolder folder = open(false, true)) {
      assertThat(folder.adopt(settings(1))).isTrue();
    }
    try (OutputFolder folder = open(true, false)) {
      assertThat(folder.adopt(settings(1))).isFalse();
    }
    assertThat(list(out.getParent())).isEmpty();
  }

  @Test
  void aRunThatMightReplaceOutStillMayWhenItIsResumed() throws IOException {
    model(out, "old");
    try (OutputFolder folder = open(true, false)) {
      folder.adopt(settings(1));
      Files.writeString(folder.state().resolve(SAVED), "step");
    }
    try (OutputFolder folder = open(false, true)) {
      assertThat(folder.adopt(settings(1))).isTrue();
      Files.writeString(folder.staging().resolve("model_index.json"), "new");
      folder.commit();
    }
    assertThat(out.resolve("model_index.json")).hasContent("new");
  }

  @Test
  void resumingWithOtherSettingsSaysWhatDiffers() throws IOException {
    saveStep(1);
    try (OutputFolder folder = open(false, true)) {
      assertThat(failure(() -> folder.adopt(settings(2))))
          .hasMessageContaining("recipe.seed: 1 there, 2 here");
    }
    assertThat(out.resolveSibling("out.state").resolve(SAVED)).exists();
  }

  @Test
  void settingsThatAreDamagedHaveARemedyThatHelps() throws IOException {
    saveStep(1);
    Path file = out.resolveSibling("out.state").resolve("settings.json");
    Files.writeString(file, "{\"recipe\":");
    try (OutputFolder folder = open(false, true)) {
      RealeraException e = failure(() -> folder.adopt(settings(1)));
      assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
      assertThat(e).hasMessageStartingWith(file + " is not JSON: ");
      assertThat(e.remedy()).isEqualTo("Start afresh, with --force and without --resume.");
    }
    try (OutputFolder folder = open(true, false)) {
      assertThat(folder.adopt(settings(1))).isFalse();
    }
  }

  @Test
  void twoRunsDoNotWriteOneFolder() throws IOException {
    try (OutputFolder folder = open(false, false)) {
      folder.adopt(settings(1));
      assertThat(failure(() -> open(false, true))).hasMessageContaining("another run is writing");
      assertThat(folder.state()).exists();
    }
  }

  @Test
  void aFolderThatIsOnlyCalledLikeTheStateIsNeverEmptied() throws IOException {
    Path thesis = out.resolveSibling("out.state").resolve("thesis.tex");
    Files.createDirectories(thesis.getParent());
    Files.writeString(thesis, "years of work");
    for (boolean force : new boolean[] {false, true}) {
      for (boolean resume : new boolean[] {false, true}) {
        RealeraException e = failure(() -> open(force, resume));
        assertThat(e.kind()).isEqualTo(Kind.USAGE);
        assertThat(e).hasMessageContaining(thesis.getParent() + " is in the way");
      }
    }
    assertThat(thesis).hasContent("years of work");
  }

  @Test
  void aFileInThePlaceOfTheFolderOrItsParentIsAnError() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "");
    assertThat(failure(() -> OutputFolder.open(file, model, true, true, 0)))
        .hasMessageContaining("is a file");
    assertThat(failure(() -> OutputFolder.open(file.resolve("out"), model, false, false, 0)))
        .hasMessageContaining("can't write");
  }

  @Test
  void tooLittleRoomIsSaidBeforeAnyWork() {
    RealeraException e = failure(() -> OutputFolder.open(out, model, false, false, Long.MAX_VALUE));
    assertThat(e.kind()).isEqualTo(Kind.RESOURCES);
    assertThat(e).hasMessageContaining("not enough room");
    assertThat(out.resolveSibling("out.state")).doesNotExist();
  }

  private OutputFolder open(boolean force, boolean resume) {
    return OutputFolder.open(out, model, force, resume, 1000);
  }

  private void saveStep(int seed) throws IOException {
    try (OutputFolder folder = open(false, false)) {
      folder.adopt(settings(seed));
      Files.writeString(folder.state().resolve(SAVED), "step");
    }
  }

  private static com.fasterxml.jackson.databind.JsonNode settings(int seed) {
    return Json.tree(Map.of("recipe", Map.of("seed", seed)));
  }

  private static void model(Path folder, String content) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("model_index.json"), content);
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static RealeraException failure(ThrowingCallable call) {
    return catchThrowableOfType(RealeraException.class, call);
  }
}
