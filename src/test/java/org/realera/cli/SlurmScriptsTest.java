package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scripts for Slurm hand to it, and how its signal reaches realera. */
class SlurmScriptsTest {
  @TempDir private Path folder;

  /**
   * A job that Slurm takes back is queued again, goes on in the same log, and is told in time.
   * Without B: Slurm signals steps of srun, of which these jobs have none.
   */
  @ParameterizedTest
  @CsvSource({"erase.sbatch, realera-erase", "eval-array.sbatch, realera-eval"})
  void whatIsAskedOfSlurmLetsAJobThatIsTakenBackGoOn(String script, String name)
      throws IOException {
    assertThat(Files.readAllLines(script(script)))
        .filteredOn(line -> line.contains("SBATCH"))
        .containsExactly(
            "#SBATCH --job-name=" + name,
            "#SBATCH --requeue",
            "#SBATCH --open-mode=append",
            "#SBATCH --signal=B:TERM@120");
  }

  @Test
  void thatProcessIsRealera() throws Exception {
    assertThat(started("erase.sbatch", "-c", "cat")).isEqualTo("erase -c cat --resume");
    assertThat(started("eval-array.sbatch", "runs", "cifar10"))
        .isEqualTo("eval cifar10 --shard 2/8 --out runs/shard-2");
  }

  /** Slurm counts from 0 unless told otherwise, and alone there is no array. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "2", ""})
  void anArrayThatDoesNotCountFrom1StartsNothing(String first) throws Exception {
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        builder("eval-array.sbatch", "runs", "cifar10").redirectError(log.toFile());
    builder.environment().put("SLURM_ARRAY_TASK_MIN", first);
    if (first.isEmpty()) {
      builder.environment().remove("SLURM_ARRAY_TASK_MIN");
    }
    assertThat(code(builder.start())).isEqualTo(2);
    assertThat(log).hasContent("submit this with --array=1-N: shards count from 1");
    assertThat(folder.resolve("seen")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"erase.sbatch, 0", "eval-array.sbatch, 1", "submit.sh, 2"})
  void withTooFewWordsAScriptSaysHowItIsCalled(String script, int words) throws Exception {
    Path log = folder.resolve("log");
    String[] given = Collections.nCopies(words, "1").toArray(String[]::new);
    assertThat(code(builder(script, given).redirectError(log.toFile()).start())).isEqualTo(2);
    String own = Files.readString(script(script));
    List<String> said = Files.readAllLines(log);
    assertThat(said).isNotEmpty().allMatch(line -> own.contains(("# " + line).strip()));
    assertThat(said).anyMatch(line -> line.contains("scripts/slurm/" + script));
    assertThat(said).noneMatch(line -> line.contains("SBATCH --") || line.contains("set -eu"));
    assertThat(folder.resolve("seen")).doesNotExist();
  }

  /** The merge waits until every shard has succeeded. */
  @Test
  void theMergeWaitsForTheArrayAndPutsAllShardsTogether() throws Exception {
    Path calls = folder.resolve("calls");
    Path sbatch = folder.resolve("bin/sbatch");
    Files.createDirectories(sbatch.getParent());
    executable(
        sbatch,
        "printf '<%s>' \"$@\" >> '%s'; echo >> '%s'; echo 17\n".formatted("%s", calls, calls));
    Path realera = executable(folder.resolve("realera"), "exit 0\n");
    Path out = folder.resolve("runs");
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash",
                script("submit.sh").toString(),
                out.toString(),
                "3",
                "cifar10",
                "-m",
                "pocket")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(log.toFile());
    builder.environment().merge("PATH", sbatch.getParent() + ":", (path, bin) -> bin + path);
    builder.environment().put("REALERA", realera.toString());
    builder.environment().remove("SBATCH_OPTIONS");
    builder.environment().put("ARRAY_OPTIONS", "--time=1 --mem=2G");
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(log).hasContent("17 17");
    String shards = "%1$s/shard-1 %1$s/shard-2 %1$s/shard-3 ".formatted(out);
    assertThat(Files.readAllLines(calls))
        .containsExactly(
            "<--parsable><--time=1><--mem=2G><--array=1-3><--output=%1$s/shard-%%a.log><%2$s><%1$s>"
                    .formatted(out, script("eval-array.sbatch"))
                + "<cifar10><-m><pocket>",
            "<--parsable><--job-name=realera-merge><--dependency=afterok:17><--output=%s/merge.log>"
                    .formatted(out)
                + "<--wrap><%s eval report %s --out %s>".formatted(realera, shards, out));
  }

  private static Path executable(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  /** What realera is started with, which has to have the script's own process. */
  private String started(String script, String... arguments) throws Exception {
    Process process = builder(script, arguments).start();
    assertThat(code(process)).isZero();
    String line = Files.readString(folder.resolve("seen")).strip();
    assertThat(line).startsWith(process.pid() + " ");
    return line.substring(line.indexOf(' ') + 1);
  }

  /** As task 2 of 8, with a realera that only leaves a file. */
  private ProcessBuilder builder(String script, String... arguments) throws IOException {
    Path realera = folder.resolve("realera");
    executable(realera, "echo $$ \"$@\" > '" + folder.resolve("seen") + "'\n");
    List<String> command = new ArrayList<>(List.of("bash", script(script).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("REALERA", realera.toString());
    builder.environment().put("SLURM_ARRAY_TASK_MIN", "1");
    builder.environment().put("SLURM_ARRAY_TASK_ID", "2");
    builder.environment().put("SLURM_ARRAY_TASK_COUNT", "8");
    return builder;
  }

  private static int code(Process process) throws InterruptedException {
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private static Path script(String name) {
    return Path.of("scripts/slurm", name).toAbsolutePath();
  }
}
