package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code scripts/realera} in a checkout of its own, with a {@code mvn} that only notes that it was
 * called and a {@code java} that prints its arguments: when it builds, and what it starts.
 */
class LauncherTest {
  private static final Path SCRIPT = Path.of("scripts", "realera").toAbsolutePath();

  @TempDir private Path temp;
  private Path checkout = Path.of("");
  private Path tools = Path.of("");
  private Path builds = Path.of("");

  @BeforeEach
  void makeACheckoutWithStandInTools() throws IOException {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    assumeTrue(!os.contains("windows"), "the launcher is a shell script");
    checkout = temp.resolve("check out"); // a path with a space in it
    Files.createDirectories(checkout.resolve("scripts"));
    Files.copy(SCRIPT, checkout.resolve("scripts/realera"));
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Files.createDirectories(checkout.resolve("configs"));
    Files.createDirectories(checkout.resolve("src/main/java"));
    Files.writeString(checkout.resolve("src/main/java/A.java"), "class A {}");
    builds = temp.resolve("builds.log");
    tools = temp.resolve("jdk/bin");
    Files.createDirectories(tools);
    Files.writeString(temp.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    tool("java", "printf '<%s>' \"$@\"; echo; exit ${JAVA_EXIT:-0}");
    tool("javac", "exit 0");
    tool(
        "mvn",
        """
        echo built >>'%s'
        for a in "$@"; do case $a in -Doutput.folder=*) target=${a#-Doutput.folder=} ;; esac; done
        [[ -z ${MVN_SLEEP:-} ]] || sleep $MVN_SLEEP
        mkdir -p "$target/lib"
        echo lib >"$target/lib/b.jar"
        echo native >"$target/lib/pytorch-native-cpu-1.jar"
        echo jar >"$target/realera-1.jar"
        exit ${MVN_EXIT:-0}
        """
            .formatted(builds));
  }

  private void tool(String name, String script) throws IOException {
    executable(tools.resolve(name), "#!/usr/bin/env bash\n" + script + "\n");
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Result(int code, String out, String err) {}

  private Result run(Path script, Path directory, Map<String, String> env, String... args)
      throws IOException, InterruptedException {
    return finish(start(script, directory, env, args));
  }

  private Process start(Path script, Path directory, Map<String, String> env, String... args)
      throws IOException {
    List<String> command =
        Stream.concat(Stream.of("bash", script.toString()), Stream.of(args)).toList();
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(k -> k.startsWith("REALERA") || k.startsWith("PYTORCH"));
    builder.environment().put("JAVA_HOME", temp.resolve("jdk").toString());
    builder.environment().put("PATH", tools + ":/usr/bin:/bin");
    builder.environment().putAll(env);
    return builder.start();
  }

  private static Result finish(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, err);
  }

  private Result run(String... args) throws IOException, InterruptedException {
    return run(checkout.resolve("scripts/realera"), temp, Map.of(), args);
  }

  private long buildCount() throws IOException {
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  @Test
  void itBuildsOnFirstUseAndSaysSo() throws Exception {
    Result first = run("erase", "a b");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.err()).hasLineCount(1).startsWith("realera: first use: building");
    assertThat(first.out()).contains("<org.realera.cli.Main><erase><a b>");
    assertThat(first.out()).contains("/lib/realera.jar:").contains("/lib/b.jar:");
    Result second = run("--version");
    assertThat(second.err()).isEmpty();
    assertThat(buildCount()).isEqualTo(1);
  }

  @Test
  void itRebuildsWhenASourceIsEditedOrDeleted() throws Exception {
    run();
    Files.writeString(checkout.resolve("src/main/java/A.java"), "class A { int i; }");
    assertThat(run().err()).startsWith("realera: the sources have changed: building");
    Files.delete(checkout.resolve("src/main/java/A.java"));
    run();
    Files.writeString(checkout.resolve("pom.xml"), "<project></project>");
    run();
    assertThat(buildCount()).isEqualTo(4);
  }

  @Test
  void itDoesNotRebuildForAFileOfTheSameContentNorForTests() throws Exception {
    run();
    Files.delete(checkout.resolve("src/main/java/A.java"));
    Files.writeString(checkout.resolve("src/main/java/A.java"), "class A {}");
    Files.createDirectories(checkout.resolve("src/test"));
    assertThat(run().err()).isEmpty();
    assertThat(buildCount()).isEqualTo(1);
  }

  @Test
  void itWorksThroughASymlinkFromAnotherFolder() throws Exception {
    Path bin = Files.createDirectories(temp.resolve("home/bin"));
    Path relative =
        Files.createSymbolicLink(bin.resolve("r1"), Path.of("../../check out/scripts/realera"));
    Path link = Files.createSymbolicLink(bin.resolve("realera"), relative.getFileName());
    Result result = run(link, bin, Map.of(), "x");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("<x>");
  }

  @Test
  void theExitCodeIsTheProgramsOwn() throws Exception {
    assertThat(run(checkout.resolve("scripts/realera"), temp, Map.of("JAVA_EXIT", "4")).code())
        .isEqualTo(4);
  }

  @Test
  void jvmOptionsPassThrough() throws Exception {
    var env = Map.of("REALERA_JAVA_OPTS", "-Xmx3g -Dx=y");
    assertThat(run(checkout.resolve("scripts/realera"), temp, env).out())
        .contains("<-Xmx3g><-Dx=y>");
  }

  @Test
  void aFailedBuildIsNotTrustedLater() throws Exception {
    Result failed = run(checkout.resolve("scripts/realera"), temp, Map.of("MVN_EXIT", "1"));
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("realera: error: the build failed").contains("mvn -Dquickly");
    assertThat(failed.out()).isEmpty();
    assertThat(run().code()).isZero();
    assertThat(buildCount()).isEqualTo(2);
  }

  @Test
  void aKilledBuildIsNotTrustedLater() throws Exception {
    Process process = start(checkout.resolve("scripts/realera"), temp, Map.of("MVN_SLEEP", "1"));
    process.getOutputStream().close();
    awaitBuild(process);
    process.destroyForcibly().waitFor();
    Result next = run("x");
    assertThat(next.code()).as(next.err()).isZero();
    assertThat(next.out()).contains("<x>");
    assertThat(buildCount()).isEqualTo(2);
  }

  /** Until the build has begun: for a minute at most, and not after the launcher has ended. */
  private void awaitBuild(Process process) throws IOException, InterruptedException {
    for (int i = 0; buildCount() == 0; i++) {
      assertThat(i).as("waits of 10 ms for the build to begin").isLessThan(6000);
      boolean over = process.waitFor(10, TimeUnit.MILLISECONDS);
      assertThat(over && buildCount() == 0).as("ended without building").isFalse();
    }
  }

  @Test
  void twoStartsAtOnceBuildOnce() throws Exception {
    Process one = start(checkout.resolve("scripts/realera"), temp, Map.of("MVN_SLEEP", "1"), "x");
    Process two = start(checkout.resolve("scripts/realera"), temp, Map.of("MVN_SLEEP", "1"), "x");
    assertThat(finish(one).out()).contains("<x>");
    assertThat(finish(two).out()).contains("<x>");
    assertThat(buildCount()).isEqualTo(1);
  }

  @Test
  void aMissingMavenIsNamed() throws Exception {
    Files.delete(tools.resolve("mvn"));
    var env = Map.of("PATH", toolsWithoutMaven());
    Result result = run(checkout.resolve("scripts/realera"), temp, env);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("there is no mvn on the PATH").contains("install Maven");
  }

  /** The system's tools that the launcher needs, less mvn and java. */
  private String toolsWithoutMaven() throws IOException {
    Path bin = Files.createDirectories(temp.resolve("bin"));
    for (String name :
        List.of(
            "bash",
            "env",
            "find",
            "head",
            "sort",
            "xargs",
            "sha256sum",
            "shasum",
            "cut",
            "flock",
            "dirname",
            "readlink",
            "mkdir",
            "rm",
            "cat",
            "touch",
            "mv",
            "sed")) {
      for (String folder : List.of("/usr/bin", "/bin")) {
        if (Files.exists(Path.of(folder, name)) && !Files.exists(bin.resolve(name))) {
          // Not links: JUnit warns about those that lead out of its folder.
          executable(bin.resolve(name), "#!/bin/sh\nexec " + folder + "/" + name + " \"$@\"\n");
        }
      }
    }
    return bin.toString();
  }

  @Test
  void aMissingOrOldJavaIsNamed() throws Exception {
    Path script = checkout.resolve("scripts/realera");
    Files.writeString(temp.resolve("jdk/release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    Result old = run(script, temp, Map.of());
    assertThat(old.code()).isEqualTo(1);
    assertThat(old.err()).contains("is Java 1.8.0_402; 17 or later is needed");
    Result wrong = run(script, temp, Map.of("JAVA_HOME", "/nowhere"));
    assertThat(wrong.err()).contains("JAVA_HOME is /nowhere, where there is no bin/java");
    Result none = run(script, temp, Map.of("JAVA_HOME", "", "PATH", toolsWithoutMaven()));
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("there is no java on the PATH").contains("JAVA_HOME");
  }

  @Test
  void aRuntimeWithoutACompilerIsNotEnoughToBuild() throws Exception {
    Files.delete(tools.resolve("javac"));
    assertThat(run().err()).contains("has no javac");
  }

  @Test
  void anInstalledLayoutStartsWithoutBuilding() throws Exception {
    Path lib = Files.createDirectories(temp.resolve("opt/realera/lib"));
    Path bin = Files.createDirectories(temp.resolve("opt/realera/bin"));
    Files.copy(SCRIPT, bin.resolve("realera"));
    Files.writeString(lib.resolve("realera.jar"), "jar");
    Files.delete(tools.resolve("mvn"));
    Result result = run(bin.resolve("realera"), temp, Map.of(), "x");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("<x>");
  }

  @Test
  void theGpuFlavorLeavesTheCpuLibraryOut() throws Exception {
    Path script = checkout.resolve("scripts/realera");
    Result gpu = run(script, temp, Map.of("REALERA_TORCH", "cu128"), "x");
    assertThat(gpu.out()).contains("<-DPYTORCH_FLAVOR=cu128>").doesNotContain("pytorch-native-cpu");
    Result cpu = run(script, temp, Map.of("REALERA_TORCH", "cpu"), "x");
    assertThat(cpu.out()).contains("pytorch-native-cpu").doesNotContain("PYTORCH_FLAVOR");
  }

  @Test
  void aDriverBringsTheGpuFlavorUnlessTheCpuIsAskedFor() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "the GPU flavor is for x86-64");
    Path driver = Files.writeString(temp.resolve("version"), "NVRM version");
    assertThat(flavor(driver, "")).isTrue();
    assertThat(flavor(driver, "CPU")).isFalse();
    assertThat(flavor(driver, "", "erase", "--device", "cpu")).isFalse();
    assertThat(flavor(driver, "", "erase", "--device=cpu")).isFalse();
    assertThat(flavor(driver, "cpu", "erase", "--device", "cuda:1")).isTrue();
    assertThat(flavor(driver, "cuda", "erase", "-p", "--device cpu")).isTrue();
    assertThat(flavor(temp.resolve("none"), "cuda", "erase", "--device", "cuda")).isFalse();
  }

  /** Whether the launcher names the GPU flavor. */
  private boolean flavor(Path driver, String device, String... args) throws Exception {
    var env = Map.of("REALERA_NVIDIA_DRIVER", driver.toString(), "REALERA_DEVICE", device);
    return run(checkout.resolve("scripts/realera"), temp, env, args)
        .out()
        .contains("<-DPYTORCH_FLAVOR=cu128>");
  }

  @Test
  void theUsersOwnLibtorchIsToldByItsFiles() throws Exception {
    Path lib = Files.createDirectories(temp.resolve("torch/lib"));
    tool("java", "printf '<%s>' \"$@\"; echo \"$PYTORCH_VERSION $PYTORCH_FLAVOR\"");
    var env = Map.of("PYTORCH_LIBRARY_PATH", lib.toString());
    assertThat(run(checkout.resolve("scripts/realera"), temp, env).out())
        .contains("1.jar cpu")
        .doesNotContain("pytorch-native-cpu");
    Files.writeString(lib.resolve("libtorch_cuda.so"), "");
    assertThat(run(checkout.resolve("scripts/realera"), temp, env).out()).contains("1.jar cu128");
  }
}
