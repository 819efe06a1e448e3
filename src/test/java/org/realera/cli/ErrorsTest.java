package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.TinyModel;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;

/** Every way to fail: one line of what and where, one of what to do, and an exit code. */
class ErrorsTest {
  private static CommandRun failing(Throwable error, String... more) {
    Services core =
        new CommandRun.FakeCore() {
          @Override
          public EraseResult erase(EraseRequest r, Progress p) {
            if (error instanceof Error e) {
              throw e;
            }
            throw (RuntimeException) error;
          }
        };
    String[] args = {"erase", "-m", "pocket", "-c", "cat=dog"};
    String[] all =
        java.util.stream.Stream.of(args, more)
            .flatMap(java.util.Arrays::stream)
            .toArray(String[]::new);
    return CommandRun.with(core, all);
  }

  @ParameterizedTest
  @EnumSource(RealeraException.Kind.class)
  void everyKindOfErrorHasItsExitCodeAndTwoLines(RealeraException.Kind kind) {
    CommandRun run = failing(new RealeraException(kind, "unet/x.safetensors: no", "Do this."));
    assertThat(run.code()).isEqualTo(kind.exitCode());
    assertThat(run.err()).isEqualTo("realera: error: unet/x.safetensors: no\n  Do this.\n");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aDefectIsOneLineUnlessVerbose() {
    CommandRun quiet = failing(new IllegalStateException("broken\nwith details"));
    assertThat(quiet.code()).isEqualTo(1);
    assertThat(quiet.err())
        .isEqualTo(
            """
            realera: error: this is a defect of realera: IllegalStateException: broken
              Run again with --verbose and report it with the stack trace that it shows.
            """);
    CommandRun verbose = failing(new IllegalStateException("broken"), "--verbose");
    assertThat(verbose.code()).isEqualTo(1);
    assertThat(verbose.err()).contains("at org.realera.cli.ErrorsTest");
  }

  @Test
  void runningOutOfMemoryHasItsOwnExitCodeWhereverItHappens() {
    assertThat(failing(new OutOfMemoryError("Java heap space")).code()).isEqualTo(5);
    assertThat(
            failing(
                    new IllegalStateException(
                        "forward", new RuntimeException("CUDA out of memory. Tried")))
                .code())
        .isEqualTo(5);
    assertThat(failing(new IllegalStateException("unet.py, forward: std::bad_alloc")).code())
        .isEqualTo(5);
    CommandRun run =
        failing(new IllegalStateException("DefaultCPUAllocator: can't allocate memory: you tried"));
    assertThat(run.code()).isEqualTo(5);
    assertThat(run.err()).contains("fewer images at a time", "--dtype bf16, on a GPU with fp16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "Disk quota exceeded",
        "File too large",
        "There is not enough space on the disk"
      })
  void aFullDiskHasTheSameExitCode(String reason) {
    var full = new FileSystemException("/out/x", null, reason);
    CommandRun run = failing(new UncheckedIOException(full));
    assertThat(run.code()).isEqualTo(5);
    assertThat(run.err()).contains("the disk is full: /out/x");
  }

  @Test
  void otherFileErrorsNameTheFile() {
    CommandRun denied = failing(new UncheckedIOException(new AccessDeniedException("/out/x")));
    assertThat(denied.code()).isEqualTo(1);
    assertThat(denied.err()).contains("no permission for /out/x");
    assertThat(failing(new UncheckedIOException(new IOException("Input/output error"))).err())
        .contains("Input/output error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eras                           | unknown command 'eras' for 'realera'            | did you"
            + " mean erase?",
        "erase --concpt x               | unknown option '--concpt' for 'realera erase'   | did you"
            + " mean --concept",
        "erase -c cat=dog --sld medium  | SLD has no weights to write                     | to"
            + " realera generate or realera eval",
        "erase -c cat=dog --method sld  | SLD has no weights to write                     | to"
            + " realera generate or realera eval",
        "erase -c cat=dog --safe x --sld | SLD has no weights to write                    | to"
            + " realera generate or realera eval",
        "erase -c cat=dog stray         | unexpected argument 'stray' for 'realera erase' | see"
            + " 'realera erase --help'",
        "erase -c                       | --concept TEXT[=ANCHOR]: the value is missing   | see"
            + " 'realera erase --help'",
        "erase -c cat=dog --seed x      | --seed is 'x', which is no whole number         | see"
            + " 'realera erase --help'",
        "erase -c cat=dog --seed 1 --seed 2 | --seed is given twice                       | see"
            + " 'realera erase --help'",
        "erase -c cat=dog --seed -1     | --seed is -1                                    | 0 or"
            + " more",
        "erase -c cat=dog --device gpu  | --device is 'gpu'                               | (a GPU"
            + " is cuda)",
        "erase -c cat=dog --dtype int8  | --dtype is 'int8'                               | fp32,"
            + " bf16 or fp16",
        "erase -c cat                   | concept 'cat' has no anchor                     | add"
            + " --anchor",
        "erase -a dog                   | --anchor 'dog' is given, but no --concept       | say"
            + " what to erase",
        "erase -c cat=cat               | the concept itself                              | name"
            + " something else",
        "erase -c cat=                  | both need some text                             | write"
            + " e.g.",
        "erase -c cat=dog -a bird       | each has one already                            | leave"
            + " out --anchor",
        "erase -c a -c b -c d -a x -a y | 2 anchors are given for 3 concepts              | once"
            + " for all",
        "erase                          | there is nothing to erase                       |"
            + " --concept",
        "erase -c cat=dog -c cat=bird   | twice                                           | once",
        "''                             | a command is missing                            | see"
            + " 'realera --help'",
      })
  void aBadCommandLineIsExplained(String line, String what, String remedy) {
    String[] words = line.isEmpty() ? new String[0] : line.split(" +");
    var env = java.util.Map.of("REALERA_MODEL", "pocket");
    CommandRun run = CommandRun.with(new CommandRun.FakeCore(), env, words);
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err().lines().findFirst().orElseThrow())
        .startsWith("realera: error: ")
        .contains(what);
    assertThat(run.err().lines().skip(1).findFirst().orElseThrow())
        .startsWith("  ")
        .containsIgnoringCase(remedy);
  }

  /** As erase and generate say it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "eval cifar10 -m pocket",
        "eval attack -m pocket -c cat",
        "eval ablation -m pocket -c cat",
        "eval report some",
        "eval score clip some --with pocket"
      })
  void aRunFolderIsNoFileAndNoLinkToNothing(String line, @TempDir Path temp) throws IOException {
    Path file = Files.writeString(temp.resolve("notes.txt"), "mine");
    CommandRun run = CommandRun.of((line + " -o " + file).split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "realera: error: --out "
                + file
                + " is a file, not a folder\n  Choose another --out.\n");
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("nowhere"));
    run = CommandRun.of((line + " -o " + link).split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("--out " + link + " is a link to nothing\n");
  }

  @Test
  void aRecipeThatIsNotThereNamesThoseThatAre() {
    CommandRun run = CommandRun.of("erase", "-m", "pocket", "-c", "cat=dog", "--config", "objct");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("no recipe file objct").contains("object, celebrity");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "atack  | Did you mean the command realera eval attack?",
        "scores | Did you mean the command realera eval score?",
        "cifar  | Did you mean cifar10? Name one of cifar10, ",
        "zebra  | Name one of cifar10, ",
      })
  void aSuiteThatIsNotThereNamesWhatIsNearest(String word, String remedy) {
    CommandRun run = CommandRun.of("eval", word, "-m", "pocket", "-o", "r");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err())
        .startsWith("realera: error: there is no suite '" + word + "'")
        .contains("\n  " + remedy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate -p x --out x.png -m https://user:s3cret@hub.org/a/b",
        "generate -p x --out x.png -m https://hub.org/a/b?token=s3cret",
        "model pull https://user:s3cret@hub.org/a/b",
        "erase -c cat=dog --out x -m https://user:s3cret@hub.org/a/b --verbose"
      })
  void anAddressIsNamedWithoutItsSecrets(String line) {
    CommandRun run = CommandRun.with(CommandRun.liveCore(), line.split(" "));
    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains("hub.org/a/b").doesNotContain("s3cret");
  }

  /** ESC in a YAML key and value, a file's name, an argument, and a model's realera.json. */
  @Test
  void whatIsQuotedIsPrintedPlain(@TempDir Path temp) throws IOException {
    Path recipe = temp.resolve("r\u001b[2J.yaml");
    Files.writeString(recipe, "\"\\e[31mkey\": \"\\e[2J\\x9b\"\n");
    Path model = TinyModel.copyTo(temp.resolve("model"));
    String manifest = "{\"version\": \"0.1.0\\u001b[2J\\u009b\", \"seed\": 1}";
    Files.writeString(model.resolve("realera.json"), manifest);
    for (String[] line :
        new String[][] {
          {"erase", "-m", "pocket", "--config", recipe.toString()},
          {"erase", "-m", "pocket", "-c", "\u001b[2J=d\u009bog", "--dry-run"},
          {"erase", "-m", "pocket", "\u001b[2J"},
          {"generate", "-m", "x\u001b[2J", "-p", "x"},
          {"model", "info", model.toString()},
          {"model", "info", model.toString(), "--json"}
        }) {
      CommandRun run = CommandRun.with(CommandRun.liveCore(), line);
      assertThat(run.out() + run.err())
          .as(String.join(" ", line))
          .isNotEmpty()
          .doesNotContain("\u001b", "\u009b");
    }
  }
}
