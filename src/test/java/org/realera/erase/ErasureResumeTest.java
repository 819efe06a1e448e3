package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.Stopped;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.files.Json;
import org.realera.method.Stage;
import org.realera.tensor.ComputeChoice;

/** Runs that are stopped, and go on. */
class ErasureResumeTest {
  private static final String SAVED = "alignment.safetensors";
  @TempDir Path root;

  @Test
  void aRunStoppedAfterAnyStepEndsInTheSameBytesWhenResumed() throws IOException {
    EraseRecipe recipe = TinyModel.recipe();
    TinyRuns.run(root, recipe, "straight");
    var expected = TinyModel.contents(root.resolve("straight"));
    for (int last = 0; last <= recipe.alignment().steps(); last++) {
      Path out = root.resolve("stopped" + last);
      Stopped e = stopAfter(recipe, out, last);
      assertThat(e).hasMessageContaining("step " + last + " of 4 is saved");
      assertThat(out).doesNotExist();
      resume(recipe, out);
      assertThat(TinyModel.contents(out)).as("stopped after step " + last).isEqualTo(expected);
      assertThat(out.resolveSibling("stopped" + last + ".state")).doesNotExist();
    }
  }

  /** Sums of floats depend on the engine and its threads; a run is not refused for that. */
  @Test
  void aRunThatGoesOnByAnotherEngineSaysSoAndIsRecordedAsSuch() throws IOException {
    Path out = root.resolve("out");
    stopAfter(TinyModel.recipe(), out, 2);
    Path engines = root.resolve("out.state/engines.json");
    assertThat(Json.read(engines)).hasSize(1);
    Files.writeString(engines, "[\"PyTorch 1, 99 threads\"]");
    List<String> notes = new ArrayList<>();
    Progress listener =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Erasure.run(TinyRuns.request(TinyModel.FOLDER, out, true), listener, TinyRuns.CACHE);
    assertThat(notes)
        .filteredOn(note -> note.startsWith("the interrupted run was computed by "))
        .singleElement()
        .asString()
        .startsWith("the interrupted run was computed by PyTorch 1, 99 threads and is resumed by ")
        .endsWith(": the last bits of the output may differ from an uninterrupted run's");
    assertThat(Manifest.read(out).results().get("resumed"))
        .hasToString("{\"computed_before\":[\"PyTorch 1, 99 threads\"]}");
  }

  @Test
  void aRunStoppedBetweenTwoImagesForItsTrainingGoesOnWithTheNext() throws IOException {
    EraseRecipe recipe =
        TinyModel.recipe()
            .with(
                "concepts",
                List.of(new ConceptPair("house", "the city"), new ConceptPair("book", "game")));
    TinyRuns.run(root, recipe, "straight");
    Path out = root.resolve("stopped");
    StopAt stop = new StopAt(Stage.ANCHOR_IMAGES, 6); // in the second concept's images
    Stopped e =
        catchThrowableOfType(
            Stopped.class, () -> Erasure.run(TinyModel.request(recipe, out), stop, TinyRuns.CACHE));
    Path state = root.resolve("stopped.state");
    assertThat(e)
        .hasMessage("2 of 4 pictures of the anchor are saved in " + state.toAbsolutePath());
    assertThatThrownBy(() -> TinyRuns.run(TinyModel.request(recipe, out)))
        .hasMessageContaining("an unfinished run for");
    StopAt rest = new StopAt(Stage.ANCHOR_IMAGES, -1);
    EraseRequest request = TinyModel.request(recipe, out);
    Erasure.run(
        new EraseRequest(
            request.model(), recipe, out, request.compute(), /* resume= */ true, false),
        rest,
        TinyRuns.CACHE);
    assertThat(rest.steps()).containsExactly(6L, 8L);
    assertThat(TinyModel.contents(out)).isEqualTo(TinyModel.contents(root.resolve("straight")));
    assertThat(state).doesNotExist();
  }

  @Test
  void aRunStoppedInItsFirstImagesLeavesNothing() {
    Path out = root.resolve("stopped");
    Stopped e =
        catchThrowableOfType(
            Stopped.class,
            () ->
                Erasure.run(
                    TinyModel.request(TinyModel.recipe(), out),
                    new StopAt(Stage.ANCHOR_IMAGES, 2),
                    TinyRuns.CACHE));
    assertThat(e).hasMessageStartingWith("nothing was saved");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aSavedStepThatIsDamagedIsAnErrorAndNotAnotherModel() throws IOException {
    Path out = root.resolve("out");
    stopAfter(TinyModel.recipe(), out, 2);
    Path saved = root.resolve("out.state").resolve(SAVED);
    byte[] bytes = Files.readAllBytes(saved);
    Files.write(saved, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> resume(TinyModel.recipe(), out));
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e).hasMessageContaining(SAVED);
    assertThat(out).doesNotExist();
  }

  @Test
  void resumingWithAnotherRecipeSaysWhatDiffers() {
    Path out = root.resolve("out");
    stopAfter(TinyModel.recipe(), out, 1);
    assertThatThrownBy(() -> resume(TinyModel.recipe().with("seed", 7), out))
        .hasMessageContaining("recipe.seed: 0 there, 7 here");
  }

  /**
   * Weights are not all that a model is: with another prediction the saved steps are of another.
   */
  @Test
  void resumingOnACorrectedConfigurationSaysSo() throws IOException {
    Path model = TinyModel.copy(root.resolve("model"));
    Path out = root.resolve("out");
    EraseRequest begun = TinyRuns.request(model, out, false);
    StopAt stop = new StopAt(Stage.ALIGNMENT, 1);
    catchThrowableOfType(Stopped.class, () -> Erasure.run(begun, stop, TinyRuns.CACHE));
    Path scheduler = model.resolve("scheduler/scheduler_config.json");
    String before = Files.readString(scheduler);
    Files.writeString(scheduler, before.replace("{", "{\"prediction_type\": \"v_prediction\","));
    assertThatThrownBy(() -> TinyRuns.run(TinyRuns.request(model, out, true)))
        .hasMessageContaining("had other settings: model.config");
    Files.writeString(scheduler, before + "\n");
    assertThat(TinyRuns.run(TinyRuns.request(model, out, true)).alreadyThere()).isFalse();
  }

  @Test
  void resumingWithOtherCaptionsInTheSameFileSaysSo() throws IOException {
    Path captions = Files.writeString(root.resolve("captions.txt"), "the family\nold books\n");
    EraseRecipe recipe =
        TinyModel.recipe()
            .with("prior.captions", captions.toString())
            .with("closed_form.prior_weight", 1);
    Path out = root.resolve("out");
    stopAfter(recipe, out, 1);
    Files.writeString(captions, "the family\nnew books\n");
    assertThatThrownBy(() -> resume(recipe, out))
        .hasMessageContaining("had other settings: files.captions: \"");
    Files.writeString(captions, "the family\nold books\n");
    assertThat(resume(recipe, out).alreadyThere()).isFalse();
    Files.writeString(captions, "the family\nnew books\n");
    assertThatThrownBy(() -> resume(recipe, out))
        .hasMessageContaining("is complete, with other settings: files.captions: \"");
  }

  @Test
  void resumingWhatIsCompleteDoesNothingAndResumingNothingStartsAfresh() throws IOException {
    Path out = root.resolve("out");
    assertThat(resume(TinyModel.recipe(), out).alreadyThere()).isFalse();
    var contents = TinyModel.contents(out);
    assertThat(resume(TinyModel.recipe(), out).alreadyThere()).isTrue();
    assertThat(TinyModel.contents(out)).isEqualTo(contents);
    assertThatThrownBy(() -> resume(TinyModel.recipe().with("seed", 7), out))
        .hasMessageContaining("is complete, with other settings: recipe.seed");
  }

  @Test
  void aRunKilledBetweenItsCommitAndTheRemovalOfItsStateIsDone() throws IOException {
    Path out = root.resolve("out");
    Path state = root.resolve("out.state");
    Path kept = root.resolve("kept");
    stopAfter(TinyModel.recipe(), out, 4);
    copy(state, kept);
    resume(TinyModel.recipe(), out);
    var contents = TinyModel.contents(out);
    Files.move(kept, state);
    assertThat(state.resolve(SAVED)).exists();
    assertThat(resume(TinyModel.recipe(), out).alreadyThere()).isTrue();
    assertThat(TinyModel.contents(out)).isEqualTo(contents);
    assertThat(state).doesNotExist();
  }

  @Test
  void anOutputThatMayNotBeReplacedIsToldBeforeTheRunGoesOn() throws IOException {
    Path out = root.resolve("out");
    stopAfter(TinyModel.recipe(), out, 2);
    TinyRuns.run(root, TinyModel.recipe().with("seed", 7), "other");
    Files.move(root.resolve("other"), out);
    List<String> tasks = new ArrayList<>();
    Progress listener =
        new Progress() {
          @Override
          public void begin(String task, long steps) {
            tasks.add(task);
          }
        };
    EraseRequest request =
        new EraseRequest(
            new ModelRef("tiny", TinyModel.FOLDER),
            TinyModel.recipe(),
            out,
            ComputeChoice.of("cpu", "fp32"),
            true,
            false);
    assertThatThrownBy(() -> Erasure.run(request, listener, TinyRuns.CACHE))
        .hasMessage("the output folder " + out + " exists");
    assertThat(tasks).containsExactly(Stage.OPEN.title());
    assertThat(root.resolve("out.state").resolve(SAVED)).exists();
  }

  @Test
  void anOutputThatHasLostItsWeightsIsNotCalledComplete() throws IOException {
    Path out = root.resolve("out");
    resume(TinyModel.recipe(), out);
    var contents = TinyModel.contents(out);
    Files.delete(out.resolve(TinyRuns.UNET));
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> resume(TinyModel.recipe(), out));
    assertThat(e).hasMessageStartingWith(out + " is not complete any more: ");
    assertThat(e.remedy()).contains("--force");
    EraseRequest anew =
        new EraseRequest(
            new ModelRef("tiny", TinyModel.FOLDER),
            TinyModel.recipe(),
            out,
            ComputeChoice.of("cpu", "fp32"),
            true,
            true);
    assertThat(TinyRuns.run(anew).alreadyThere()).isFalse();
    assertThat(TinyModel.contents(out)).isEqualTo(contents);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static EraseResult resume(EraseRecipe recipe, Path out) {
    return TinyRuns.run(
        new EraseRequest(
            new ModelRef("tiny", TinyModel.FOLDER),
            recipe,
            out,
            ComputeChoice.of("cpu", "fp32"),
            true,
            false));
  }

  private static Stopped stopAfter(EraseRecipe recipe, Path out, int step) {
    Progress stop = new StopAt(Stage.ALIGNMENT, step);
    return catchThrowableOfType(
        Stopped.class, () -> Erasure.run(TinyModel.request(recipe, out), stop, TinyRuns.CACHE));
  }

  @Test
  void aStopWhileSamplesAreDrawnIsHonouredAtOnce() {
    Path out = root.resolve("stopped");
    StopAt stop = new StopAt(Stage.SAMPLES, 0);
    assertThat(
            catchThrowableOfType(
                Stopped.class,
                () ->
                    Erasure.run(TinyModel.request(TinyModel.recipe(), out), stop, TinyRuns.CACHE)))
        .isNotNull();
    assertThat(stop.steps()).containsExactly(0L);
    assertThat(out).doesNotExist();
  }
}
