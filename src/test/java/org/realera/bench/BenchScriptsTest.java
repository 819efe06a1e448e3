package org.realera.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts under {@code scripts/bench} say before they measure anything. */
class BenchScriptsTest {
  private static final Path BENCH = Path.of("scripts", "bench");

  @TempDir private Path temp;

  private record Result(int code, String out, String err) {}

  @BeforeEach
  void needsAShell() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    assumeTrue(!os.contains("windows"), "these are shell scripts");
  }

  @Test
  void allAreShell() throws Exception {
    try (Stream<Path> files = Files.list(BENCH)) {
      for (Path script : files.filter(f -> f.toString().endsWith(".sh")).sorted().toList()) {
        Result result = run("-n", script.toString());
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(script).isExecutable();
      }
    }
  }

  @Test
  void helpSaysWhichRowsThereAre() throws Exception {
    Result result = run(script("beside.sh"), "--help");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("realera beside").contains("--rows", "forward-bf16");
    assertThat(result.out()).doesNotContain("set -euo");
    assertThat(run(script("gpu.sh"), "--help").out())
        .startsWith("realera beside")
        .contains("--uce");
  }

  @Test
  void wrongUseIsSaid() throws Exception {
    assertThat(run(script("beside.sh")).code()).isEqualTo(2);
    assertThat(run(script("beside.sh"), "--fast").err()).contains("there is no option --fast");
    Result row = run(script("beside.sh"), "model", "out", "--rows", "help,backward");
    assertThat(row.code()).isEqualTo(2);
    assertThat(row.err()).contains("there is no row backward");
    Result model = run(script("beside.sh"), temp.toString(), temp + "/out");
    assertThat(model.code()).isEqualTo(3);
    assertThat(model.err()).contains("is no diffusers folder");
  }

  @Test
  void withoutAGpuOneLineSaysSo() throws Exception {
    Path smi = Files.writeString(temp.resolve("nvidia-smi"), "#!/bin/sh\nexit 9\n");
    Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwxr-xr-x"));
    Result result = run(script("gpu.sh"), "model", "out");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out() + result.err())
        .isEqualTo("gpu.sh: there is no GPU here: nvidia-smi shows none\n");
  }

  @Test
  void networksHaveTheEnvironmentOfTheLauncherOrSayThatThereIsNone() throws Exception {
    Path java =
        Files.writeString(
            temp.resolve("java"),
            "#!/bin/sh\necho $GOMP_SPINCOUNT $MALLOC_ARENA_MAX $MALLOC_MMAP_MAX_"
                + " $MALLOC_TRIM_THRESHOLD_\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path bench = Files.createDirectories(temp.resolve("root/scripts/bench"));
    Path networks = Files.copy(BENCH.resolve("networks.sh"), bench.resolve("networks.sh"));
    Path launcher = bench.resolveSibling("realera");
    Files.copy(Path.of("scripts", "realera"), launcher);
    Result found = run(networks.toString(), "forward");
    assertThat(found.code()).as(found.err()).isZero();
    assertThat(found.out()).isEqualTo("1000 1 0 17179869184\n");
    Files.writeString(launcher, "give_libtorch() {\n  export GOMP_SPINCOUNT=1\n}\n");
    Result none = run(networks.toString(), "forward");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).startsWith("networks.sh: no line of ").contains("begins with export");
    assertThat(none.out()).isEmpty();
  }

  private static String script(String name) {
    return BENCH.resolve(name).toString();
  }

  /** Runs bash; programs in {@link #temp} come before those of the system. */
  private Result run(String... arguments) throws IOException, InterruptedException {
    List<String> command = Stream.concat(Stream.of("bash"), Stream.of(arguments)).toList();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.matches("GOMP_.*|MALLOC_.*"));
    builder
        .environment()
        .merge("PATH", temp.toString(), (path, mine) -> mine + File.pathSeparator + path);
    Path err = temp.resolve("err");
    builder.redirectError(err.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, Files.readString(err));
  }
}
