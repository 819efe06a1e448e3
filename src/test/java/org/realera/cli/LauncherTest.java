package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code scripts/realera} starts. */
class LauncherTest {
  @TempDir private Path temp;
  private LauncherCheckout launcher;

  @BeforeEach
  void makeACheckout() throws IOException {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    assumeTrue(!os.contains("windows"), "the launcher is a shell script");
    launcher = LauncherCheckout.in(temp);
  }

  @Test
  void itWorksThroughASymlinkFromAnotherFolder() throws Exception {
    Path bin = Files.createDirectories(temp.resolve("home/bin"));
    Path relative =
        Files.createSymbolicLink(bin.resolve("r1"), Path.of("../../check out/scripts/realera"));
    Path link = Files.createSymbolicLink(bin.resolve("realera"), relative.getFileName());
    LauncherCheckout.Result result = launcher.runScript(link, bin, Map.of(), "x");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("<x>");
  }

  @Test
  void theExitCodeIsTheProgramsOwn() throws Exception {
    assertThat(launcher.run(Map.of("JAVA_EXIT", "4")).code()).isEqualTo(4);
  }

  @Test
  void jvmOptionsPassThrough() throws Exception {
    var env = Map.of("REALERA_JAVA_OPTS", "-Xmx3g -Dx=y");
    assertThat(launcher.run(env).out()).contains("<-Xmx3g><-Dx=y>");
  }

  @Test
  void aMissingOrOldJavaIsNamed() throws Exception {
    Files.writeString(temp.resolve("jdk/release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    LauncherCheckout.Result old = launcher.run(Map.of());
    assertThat(old.code()).isEqualTo(1);
    assertThat(old.err()).contains("is Java 1.8.0_402; 17 or later is needed");
    LauncherCheckout.Result wrong = launcher.run(Map.of("JAVA_HOME", "/nowhere"));
    assertThat(wrong.err()).contains("JAVA_HOME is /nowhere, where there is no bin/java");
    LauncherCheckout.Result none =
        launcher.run(Map.of("JAVA_HOME", "", "PATH", launcher.toolsWithoutMaven()));
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("there is no java on the PATH").contains("JAVA_HOME");
  }

  @Test
  void anInstalledLayoutStartsWithoutBuilding() throws Exception {
    Path lib = Files.createDirectories(temp.resolve("opt/realera/lib"));
    Path bin = Files.createDirectories(temp.resolve("opt/realera/bin"));
    Files.copy(LauncherCheckout.SCRIPT, bin.resolve("realera"));
    Files.writeString(lib.resolve("realera.jar"), "jar");
    Files.delete(launcher.tools().resolve("mvn"));
    LauncherCheckout.Result result =
        launcher.runScript(bin.resolve("realera"), temp, Map.of(), "x");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("<x>");
  }

  @Test
  void theClassesOfAStartAreArchivedOnceForEachJava() throws Exception {
    launcher.tool(
        "java",
        """
        for a in "$@"; do
          case $a in -XX:ArchiveClassesAtExit=*) echo it >"${a#*=}"; echo made >>"$LOG"; exit ;; esac
        done
        printf '<%s>' "$@"
        """);
    var env = Map.of("LOG", temp.resolve("archives.log").toString());
    LauncherCheckout.Result first = launcher.run(env, "x");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).containsPattern("<-XX:SharedArchiveFile=[^>]*/startup-17.0.1.jsa>");
    assertThat(launcher.run(env, "x").out()).isEqualTo(first.out());
    Files.writeString(temp.resolve("jdk/release"), "JAVA_VERSION=\"21.0.2\"\n");
    assertThat(launcher.run(env, "x").out()).contains("/startup-21.0.2.jsa>");
    assertThat(temp.resolve("archives.log")).hasContent("made\nmade");
  }

  @Test
  void aJavaThatArchivesNothingStartsAllTheSame() throws Exception {
    LauncherCheckout.Result result = launcher.run(Map.of("JAVA_EXIT", "3"), "x");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out()).contains("<x>").doesNotContain("SharedArchiveFile");
  }

  @Test
  void onlyCommandsThatLookAreSparedTheOptimizingCompiler() throws Exception {
    assertThat(launcher.run(Map.of(), "model", "info", "m").out()).contains("TieredStopAtLevel");
    assertThat(launcher.run(Map.of(), "--version").out()).contains("TieredStopAtLevel");
    assertThat(launcher.run(Map.of(), "model", "info", "m", "--diff", "b").out())
        .doesNotContain("TieredStopAtLevel");
    assertThat(launcher.run(Map.of(), "erase").out()).doesNotContain("TieredStopAtLevel");
  }

  @Test
  void theGpuFlavorLeavesTheCpuLibraryOut() throws Exception {
    LauncherCheckout.Result gpu = launcher.run(Map.of("REALERA_TORCH", "cu128"), "x");
    assertThat(gpu.out()).contains("<-DPYTORCH_FLAVOR=cu128>").doesNotContain("pytorch-native-cpu");
    LauncherCheckout.Result cpu = launcher.run(Map.of("REALERA_TORCH", "cpu"), "x");
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
    return launcher.run(env, args).out().contains("<-DPYTORCH_FLAVOR=cu128>");
  }

  @Test
  void theUsersOwnLibtorchIsToldByItsFiles() throws Exception {
    Path lib = Files.createDirectories(temp.resolve("torch/lib"));
    launcher.tool("java", "printf '<%s>' \"$@\"; echo \"$PYTORCH_VERSION $PYTORCH_FLAVOR\"");
    var env = Map.of("PYTORCH_LIBRARY_PATH", lib.toString());
    assertThat(launcher.run(env).out()).contains("1.jar cpu").doesNotContain("pytorch-native-cpu");
    Files.writeString(lib.resolve("libtorch_cuda.so"), "");
    assertThat(launcher.run(env).out()).contains("1.jar cu128");
  }
}
