package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.cli.EraseLine.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.Stopped;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.method.Stage;

/** What erase prints: its plan, its progress, its result. */
class EraseOutputTest {
  @TempDir private Path folder;

  @Test
  void aDryRunPrintsARecipeWithThePlanInItsComments() throws IOException {
    CommandRun run =
        CommandRun.with(
            new CommandRun.FakeCore() {
              @Override
              public EraseResult erase(EraseRequest r, Progress p) {
                throw new AssertionError("a dry run erases nothing");
              }
            },
            "erase",
            "--model",
            "/m",
            "-c",
            "cat=dog",
            "--no-mining",
            "--preserve",
            "horse",
            "--out",
            folder.resolve("new").toString(),
            "--dry-run");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith(
            """
            # Dry run: nothing is loaded or written. This text is a recipe: --config reads it.
            #
            # model   /m (/m)
            # recipe  object
            # network a network
            # device  cpu, fp32
            # output  %s
            #
            # erase   cat -> dog
            # 1. encode 4 prompts of the concept and as many of the anchor
            # 2. draw 800 beyond-concept points
            # 3. solve the closed form with a ridge of 0.1, holding prefix rows, a prior of 400 prompts, 1 preserved concept
            # 4. align predicted noise: 200 steps of LoRA rank 4, learning rate 1.0E-5
            # 5. its cost: about 440 passes of a latent through the U-Net, and 200 with gradients
            # 6. write the model, realera.json and report.html

            method: realera
            concepts:
            """
                .formatted(folder.resolve("new")));
    Path saved = Files.writeString(folder.resolve("saved.yaml"), run.out());
    assertThat(recipe("erase", "--config", saved.toString()))
        .isEqualTo(
            recipe("erase", "-m", "/m", "-c", "cat=dog", "--no-mining", "--preserve", "horse"));
    assertThat(folder.resolve("new")).doesNotExist();
  }

  /** The kind says which prompts and images; the settings may be those for objects. */
  @ParameterizedTest
  @CsvSource({
    "realera, pocket, pocket",
    "uce, pocket, pocket (settings of uce: object)",
    "rece, pocket, pocket (settings of rece: object)",
    "uce, style, style",
    "uce, object, object",
    "esd-x, pocket, pocket"
  })
  void aDryRunSaysWhoseSettingsHold(String method, String kind, String said) {
    CommandRun run =
        CommandRun.of(
            "erase",
            "-m",
            "/m",
            "-c",
            "cat=dog",
            "--method",
            method,
            "--config",
            kind,
            "--dry-run");
    assertThat(run.out()).contains("# recipe  " + said + "\n");
  }

  @Test
  void aDryRunOfAFileNamesTheFile() throws IOException {
    String file = Files.writeString(folder.resolve("own.yaml"), "method: uce\n").toString();
    CommandRun run = CommandRun.of("erase", "-m", "/m", "-c", "a=b", "--config", file, "--dry-run");
    assertThat(run.out()).contains("# recipe  " + file + "\n");
  }

  /** A folder called delta.safetensors would surprise whoever loads it. */
  @ParameterizedTest
  @ValueSource(strings = {"delta.safetensors", "model.CKPT"})
  void anOutputNamedLikeAFileIsRefused(String name) {
    String out = folder.resolve(name).toString();
    CommandRun run =
        CommandRun.of("erase", "-m", "pocket", "-c", "cat=dog", "--to", "delta", "-o", out);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--out " + out + " names a file, but erase writes a folder");
  }

  @Test
  void theResultSaysWhereEverythingIsAndWhatToTryNext() {
    Path out = folder.resolve("a b");
    CommandRun run = CommandRun.of("erase", "-m", "pocket", "-c", "cat=dog", "-o", out.toString());
    assertThat(run.out().replace(folder.toString(), "/tmp"))
        .isEqualTo(
            """

            Erased cat -> dog in 1.3 s.
              model     /tmp/a b
              report    /tmp/a b/report.html
              manifest  /tmp/a b/realera.json
            Look at it:
              realera generate --model '/tmp/a b' --prompt 'a photo of the cat' -n 4 --out '/tmp/a b.png'
            """);
  }

  @Test
  void stagesGoToStdoutAsTheyEndAndToStderrBesideJson() throws IOException {
    Services core =
        new CommandRun.FakeCore() {
          @Override
          public EraseResult erase(EraseRequest r, Progress p) {
            p.begin(Stage.ALIGNMENT.title(), 2);
            p.step(1, "loss 0.5");
            p.note("a note");
            p.end("2 steps");
            return super.erase(r, p);
          }
        };
    String[] args = {"erase", "-m", "pocket", "-c", "cat=dog"};
    CommandRun text = CommandRun.with(core, args);
    assertThat(text.out()).containsPattern("^Align predicted noise: 2 steps \\(\\d+\\.");
    assertThat(text.err()).isEqualTo("realera: a note\n");
    CommandRun json = CommandRun.with(core, "erase", "-m", "pocket", "-c", "cat=dog", "--json");
    assertThat(json.err()).contains("Align predicted noise: 2 steps");
    JsonNode tree = new ObjectMapper().readTree(json.out());
    assertThat(tree.path("out").asText()).isEqualTo("out/no-cat");
    assertThat(tree.path("concepts").path(0).path("anchor").asText()).isEqualTo("dog");
  }

  @Test
  void aStoppedRunSaysHowToGoOn() throws IOException {
    Services core =
        new CommandRun.FakeCore() {
          @Override
          public EraseResult erase(EraseRequest r, Progress p) {
            throw new Stopped("12 of 200 steps are saved");
          }
        };
    Path out = folder.resolve("x y");
    String[] args = {"erase", "-m", "pocket", "-c", "cat=dog", "-o", out.toString(), "--force"};
    CommandRun fresh = CommandRun.with(core, args);
    assertThat(fresh.code()).isEqualTo(130);
    assertThat(fresh.err()).endsWith("  Start again with the same command.\n");
    Files.createDirectory(folder.resolve("x y.state"));
    assertThat(CommandRun.with(core, args).err())
        .isEqualTo(
            """
            realera: stopped: 12 of 200 steps are saved
              Go on with: realera erase -m pocket -c cat=dog -o '%s' --resume
            """
                .formatted(out));
    System.setProperty("realera.command", "scripts/realera");
    try {
      assertThat(CommandRun.with(core, args).err())
          .contains("with: scripts/realera erase -m pocket");
    } finally {
      System.clearProperty("realera.command");
    }
  }
}
