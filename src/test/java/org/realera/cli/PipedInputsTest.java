package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.attack.AttackSummary;
import org.realera.eval.suite.Suite;
import org.realera.tensor.ComputeChoice;

/** Files that are {@code <(...)}, which can be read once, and files that are empty. */
@DisabledOnOs(OS.WINDOWS)
class PipedInputsTest {
  @TempDir private Path folder;

  /** A pipe that gives a text to the first who reads it; any other would wait without end. */
  private String pipe(String name, String text) throws Exception {
    Path pipe = folder.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path source = Files.writeString(folder.resolve(name + ".source"), text);
    new ProcessBuilder("sh", "-c", "cat '" + source + "' > '" + pipe + "'").start();
    return pipe.toString();
  }

  private static CommandRun run(Services core, String... args) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> CommandRun.with(core, Map.of(), args));
  }

  @Test
  void aRecipeThroughAPipeCounts() throws Exception {
    String recipe = pipe("recipe", "method: uce\n");
    CommandRun run =
        run(
            CommandRun.liveCore(),
            "erase",
            "-m",
            "pocket",
            "-c",
            "cat=dog",
            "--config",
            recipe,
            "--dry-run");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("method: uce\n");
  }

  @Test
  void listsThroughPipesCount() throws Exception {
    String concepts = pipe("concepts", "cat=dog\nship=sea\n");
    String kept = pipe("kept", "horse\n");
    String captions = pipe("captions", "a caption\n");
    CommandRun run =
        run(
            CommandRun.liveCore(),
            "erase",
            "-m",
            "pocket",
            "--concept-file",
            concepts,
            "--preserve-file",
            kept,
            "--prior-captions",
            captions,
            "--dry-run");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("concept: ship", "- horse\n", "captions: " + captions);
  }

  @Test
  void anAttacksBudgetThroughAPipeCounts() throws Exception {
    var seen = new AtomicReference<AttackRequest>();
    Services core =
        new CommandRun.FakeCore() {
          @Override
          public Path locateScorer(String reference, Map<String, String> env) {
            return Path.of("/scorers").resolve(reference);
          }

          @Override
          public Suite fitting(Suite suite, Path model) {
            return suite;
          }

          @Override
          public @Nullable AttackSummary attack(
              AttackRequest request, ComputeChoice compute, Progress progress) {
            seen.set(request);
            return null;
          }
        };
    String budget = pipe("budget", "p4d:\n  steps: 7\n");
    CommandRun run =
        run(
            core,
            "eval",
            "attack",
            "-m",
            "/erased",
            "--baseline",
            "/original",
            "-c",
            "airplane",
            "--attacks",
            "p4d-n",
            "--config",
            budget,
            "-o",
            "runs/a");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(seen.get().plan().settings().p4d().steps()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n\n"})
  void anEmptyFileIsNotTakenForTheDefaults(String nothing) throws IOException {
    String file = Files.writeString(folder.resolve("empty.yaml"), nothing).toString();
    CommandRun erase = CommandRun.of("erase", "-m", "pocket", "-c", "a=b", "--config", file);
    CommandRun attack =
        CommandRun.of(
            "eval",
            "attack",
            "-m",
            "/erased",
            "--baseline",
            "/original",
            "-c",
            "airplane",
            "--config",
            file,
            "-o",
            "runs/a");
    for (CommandRun run : List.of(erase, attack)) {
      assertThat(run.code()).as(run.err()).isEqualTo(2);
      assertThat(run.err()).contains(file + ": the file is empty\n  See configs/");
    }
  }

  @Test
  void aFileOfCommentsSaysThatAllIsAsUsual() throws IOException {
    String file = Files.writeString(folder.resolve("c.yaml"), "# seed: 1\n").toString();
    assertThat(EraseLine.recipe("erase", "-c", "a=b", "--config", file).seed()).isZero();
  }
}
