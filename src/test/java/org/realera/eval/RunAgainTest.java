package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.Stopped;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.Shard;

/** A run folder that is there already: what is taken over, drawn again or refused. */
class RunAgainTest extends RunsOfThreeClasses {
  @Test
  void aRunThatWasKilledGoesOnAndEndsWithTheSameBytes() throws IOException {
    run("whole", "no-cat", "cat", 4, Shard.WHOLE);
    backend = new FakeBackend();
    backend.failAfter = 10;
    assertThatThrownBy(() -> run("killed", "no-cat", "cat", 4, Shard.WHOLE)).hasMessage("killed");
    backend = new FakeBackend();
    EvalResult result = run("killed", "no-cat", "cat", 4, Shard.WHOLE);
    // Batches of three: nine images were whole.
    assertThat(result.kept()).isEqualTo(9);
    assertThat(result.drawn()).isEqualTo(7);
    assertThat(bytes("killed")).isEqualTo(bytes("whole"));
  }

  @Test
  void aFolderThatAnotherRunIsWritingIsRefused() throws IOException {
    List<String> refusals = new ArrayList<>();
    EvalRequest request = request("run", "no-cat", "cat", 4, Shard.WHOLE, "no-cat", null);
    Progress whileItDraws =
        new Progress() {
          @Override
          public void begin(String task, long images) {
            assertThatThrownBy(() -> new Evaluation(backend, Progress.NONE).run(request))
                .isInstanceOfSatisfying(
                    RealeraException.class, e -> refusals.add(e.kind() + ": " + e.getMessage()));
          }
        };
    new Evaluation(backend, whileItDraws).run(request);
    assertThat(refusals)
        .isNotEmpty()
        .containsOnly("FAILED: another run is writing " + request.out());
    final Map<String, String> after = bytes("run");
    run("alone", "no-cat", "cat", 4, Shard.WHOLE);
    assertThat(after).isEqualTo(bytes("alone"));
  }

  @Test
  void whatIsRefusedAtOnceLeavesNoFolder() {
    assertRefused(() -> run("run", "no-cat", "no such concept", 4, Shard.WHOLE), "no such concept");
    assertThat(at("run")).doesNotExist();
  }

  /** Its own run.json would be refused as damaged when it goes on. */
  @Test
  void moreImagesThanCanBeReadBackAreRefusedBeforeTheModelIsRead() {
    backend.failsToRead = true;
    assertThatThrownBy(() -> run("run", "no-cat", "cat", 3_000_000, Shard.WHOLE))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> assertThat(e.kind()).isEqualTo(RealeraException.Kind.USAGE))
        .hasMessage(
            "suite three with 3000000 samples is 12000000 images, expected at most 10000000");
    assertThat(at("run")).doesNotExist();
    backend = new FakeBackend();
    assertThat(run("run", "no-cat", "cat", 2, Shard.WHOLE).drawn()).isEqualTo(8);
  }

  @Test
  void anImageCutShortIsDrawnAgain() throws IOException {
    run("run", "no-cat", "cat", 4, Shard.WHOLE);
    final Map<String, String> before = bytes("run");
    Path image = folder.resolve("run/images/dog/a-photo-of-the-dog_2.png");
    byte[] png = Files.readAllBytes(image);
    Files.write(image, Arrays.copyOf(png, png.length - 7));
    EvalResult again = run("run", "no-cat", "cat", 4, Shard.WHOLE);
    assertThat(again.drawn()).isEqualTo(3);
    assertThat(bytes("run")).isEqualTo(before);
  }

  @Test
  void imagesOfABaselineThatWereTakenHalfAreTakenAgain() throws IOException {
    run("survey", "base", null, 4, Shard.WHOLE);
    EvalRequest request = request("run", "no-cat", "cat", 4, Shard.WHOLE, "no-cat", at("survey"));
    new Evaluation(backend, Progress.NONE).run(request);
    final Map<String, String> before = bytes("run");
    String taken =
        before.keySet().stream()
            .filter(file -> file.matches(RunFiles.BASELINE + "/images/.*_2[.]png"))
            .findFirst()
            .orElseThrow();
    Path image = at("run").resolve(taken);
    byte[] png = Files.readAllBytes(image);
    Files.write(image, Arrays.copyOf(png, png.length - 7));
    backend = new FakeBackend();
    new Evaluation(backend, Progress.NONE).run(request);
    assertThat(backend.painted).isZero();
    assertThat(bytes("run")).isEqualTo(before);
  }

  @Test
  void scoringCanBeRepeatedWithoutDrawing() throws IOException {
    run("run", "no-cat", "cat", 4, Shard.WHOLE);
    Files.delete(folder.resolve("run/images.csv"));
    EvalResult again = run("run", "no-cat", "cat", 4, Shard.WHOLE);
    assertThat(again.drawn()).isZero();
    assertThat(folder.resolve("run/images.csv")).exists();
  }

  @Test
  void moreSamplesKeepWhatIsThereAndEqualARunFromScratch() throws IOException {
    run("grown", "no-cat", "cat", 2, Shard.WHOLE);
    EvalResult grown = run("grown", "no-cat", "cat", 5, Shard.WHOLE);
    run("scratch", "no-cat", "cat", 5, Shard.WHOLE);
    assertThat(grown.kept()).isEqualTo(6);
    assertThat(bytes("grown")).isEqualTo(bytes("scratch"));
  }

  @Test
  void aFolderOfOtherSettingsIsRefusedAndLeftAlone() throws IOException {
    run("run", "no-cat", "cat", 4, Shard.WHOLE);
    Map<String, String> before = bytes("run");
    assertRefused(() -> run("run", "other", "cat", 4, Shard.WHOLE), "made with other settings");
    assertRefused(() -> run("run", "no-cat", "dog", 4, Shard.WHOLE), "concept cat there, dog here");
    assertRefused(() -> run("run", "no-cat", "cat", 3, Shard.WHOLE), "4 samples there, 3 here");
    assertRefused(() -> run("run", "no-cat", "cat", 4, new Shard(1, 2)), "shard 1/1 there");
    assertRefused(() -> again(asked().steps(3)), "sampler ", "steps=2", "steps=3");
    assertRefused(() -> again(asked().guidance(4.0)), "sampler ", "guidance=3.0", "guidance=4.0");
    assertRefused(() -> again(asked().batch(2)), "batch 3 there, 2 here");
    assertThat(bytes("run")).isEqualTo(before);
  }

  private Ask asked() {
    return ask("no-cat", "cat", 4, Shard.WHOLE, "no-cat", null);
  }

  private void again(Ask ask) {
    new Evaluation(backend, Progress.NONE).run(ask.to(at("run")));
  }

  @Test
  void aFolderWithImagesOfUnknownOriginIsRefused() throws IOException {
    Files.createDirectories(at("run").resolve("images/cat"));
    assertRefused(() -> run("run", "no-cat", "cat", 4, Shard.WHOLE), "no run.json that says");
  }

  @Test
  void aStopIsHonouredBetweenBatches() {
    Progress stop =
        new Progress() {
          @Override
          public boolean stopRequested() {
            return backend.painted >= 6;
          }
        };
    assertThatThrownBy(
            () ->
                new Evaluation(backend, stop)
                    .run(request("run", "no-cat", "cat", 4, Shard.WHOLE, "no-cat", null)))
        .isInstanceOf(Stopped.class)
        .hasMessageStartingWith("6 of 16 images are kept");
  }
}
