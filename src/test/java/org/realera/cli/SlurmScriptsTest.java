package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scripts for Slurm hand to it, and how its signal reaches realera. */
class SlurmScriptsTest {
  @TempDir private Path folder;

  /** Without B: Slurm signals steps of srun, of which these jobs have none. */
  @ParameterizedTest
  @ValueSource(strings = {"erase.sbatch", "eval-array.sbatch"})
  void theSignalGoesToTheBatchProcess(String script) throws IOException {
    assertThat(Files.readAllLines(script(script)))
        .filteredOn(line -> line.contains("--signal"))
        .containsExactly("#SBATCH --signal=B:TERM@120");
  }

  @Test
  void thatProcessIsRealera() throws Exception {
    assertThat(started("erase.sbatch", "-c", "cat")).isEqualTo("erase -c cat --resume");
    assertThat(started("eval-array.sbatch", "runs", "cifar10"))
        .isEqualTo("eval cifar10 --shard 2/8 --out runs/shard-2");
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
    Path realera = folder.resolve("realera");
    Path seen = folder.resolve("seen");
    executable(realera, "echo $$ \"$@\" > '" + seen + "'\n");
    List<String> command = new ArrayList<>(List.of("bash", script(script).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("REALERA", realera.toString());
    builder.environment().put("SLURM_ARRAY_TASK_MIN", "1");
    builder.environment().put("SLURM_ARRAY_TASK_ID", "2");
    builder.environment().put("SLURM_ARRAY_TASK_COUNT", "8");
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    String line = Files.readString(seen).strip();
    assertThat(line).startsWith(process.pid() + " ");
    return line.substring(line.indexOf(' ') + 1);
  }

  private static Path script(String name) {
    return Path.of("scripts/slurm", name).toAbsolutePath();
  }
}
