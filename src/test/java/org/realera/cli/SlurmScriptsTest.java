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

/** Slurm's signal before a job's time is up reaches realera, which saves and stops. */
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

  /** What realera is started with, which has to have the script's own process. */
  private String started(String script, String... arguments) throws Exception {
    Path realera = folder.resolve("realera");
    Path seen = folder.resolve("seen");
    Files.writeString(realera, "#!/bin/sh\necho $$ \"$@\" > '" + seen + "'\n");
    assertThat(realera.toFile().setExecutable(true)).isTrue();
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
