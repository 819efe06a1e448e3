package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.eval.attack.WrittenAttack;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.scorer.ImageFiles;

/** A run holds the images of more than one model, which scored together are those of none. */
class RunsAreNoImageFoldersTest extends RunsOfThreeClasses {
  private static void assertTold(Path folder, String message, String remedy) {
    assertThatThrownBy(() -> ImageFiles.below(List.of(folder)))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.USAGE);
              assertThat(e.remedy()).isEqualTo(remedy);
            })
        .hasMessageStartingWith(message);
  }

  private Path withBaseline(String out) {
    new Evaluation(backend, Progress.NONE)
        .run(request(out, "no-cat", "cat", 2, Shard.WHOLE, "no-cat", at("base")));
    return at(out);
  }

  @Test
  void theImagesOfARunAreNotScoredTogetherWithThoseOfItsBaseline() {
    Path run = withBaseline("run");
    assertTold(
        run,
        run + " is a run of realera eval",
        "Give the folder of its pictures, " + run.resolve("images") + ".");
    assertThat(ImageFiles.below(List.of(run.resolve("images")))).hasSize(8);
    assertTold(
        run.resolve("baseline"),
        run.resolve("baseline") + " is a run of realera eval",
        "Give the folder of its pictures, " + run.resolve("baseline/images") + ".");
  }

  @Test
  void theImagesOfAttacksAreNotScoredTogetherWithThoseOfTheOriginal() throws IOException {
    Path run = WrittenAttack.in(folder);
    Path pass = run.resolve("erased");
    assertTold(
        run,
        run + " is a run of realera eval attack",
        "Give one folder of its pictures, such as " + pass + ".");
    assertThat(ImageFiles.below(List.of(pass))).isNotEmpty();
  }

  @Test
  void aCampaignHoldsRunsOfSeveralModels() {
    Path run = withBaseline("campaign/runs/cat");
    assertTold(
        at("campaign"),
        run + " is a run of realera eval",
        "Give the folder of its pictures, " + run.resolve("images") + ".");
  }

  @Test
  void neitherIsARunWhatFidIsMeasuredAgainstAndThatIsToldBeforeImagesAreDrawn() throws IOException {
    Path run = withBaseline("run");
    String network = Files.writeString(at("network.pt"), "no network").toString();
    assertRefused(
        () -> FidPass.check(new Suite.Fid(network, run.toString())), "is a run of realera eval");
  }

  @Test
  void anotherProgramsRunIsAFolderOfImages() throws IOException {
    Path run = withBaseline("run");
    Path images = run.resolve("images");
    Files.writeString(images.resolve("run.json"), "{\"schema\": \"another-run/1\"}");
    assertThat(ImageFiles.below(List.of(images))).hasSize(8);
  }
}
