package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void theAllocatorAndTheThreadsAreSetUnlessTheUserHasSetThem() throws Exception {
    launcher.tool("java", "env | grep -E '^(MALLOC|GOMP)_' | sort");
    String lines =
        """
        GOMP_SPINCOUNT=%s
        MALLOC_ARENA_MAX=%s
        MALLOC_MMAP_MAX_=%s
        MALLOC_TRIM_THRESHOLD_=%s
        """;
    String unset = "";
    for (String[] command : new String[][] {{"erase"}, {"--version"}}) {
      var own =
          Map.of(
              "GOMP_SPINCOUNT", "7",
              "MALLOC_ARENA_MAX", "8",
              "MALLOC_MMAP_MAX_", "65536",
              "MALLOC_TRIM_THRESHOLD_", "131072");
      assertThat(launcher.run(own, command).out()).isEqualTo(lines.formatted(7, 8, 65536, 131072));
      var one =
          Map.of(
              "GOMP_SPINCOUNT", unset,
              "MALLOC_ARENA_MAX", unset,
              "MALLOC_MMAP_MAX_", "5",
              "MALLOC_TRIM_THRESHOLD_", unset);
      assertThat(launcher.run(one, command).out())
          .isEqualTo(lines.formatted(1000, 1, 5, 17179869184L));
    }
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

  /** A java that archives as $ARCHIVES says, notes it in $LOG, and else prints its arguments. */
  private static final String ARCHIVING_JAVA =
      """
      for a in "$@"; do
        case $a in
          -XX:ArchiveClassesAtExit=*)
            [[ ${ARCHIVES:-whole} == none ]] || echo "${ARCHIVES:-whole}" >"${a#*=}"
            echo made >>"$LOG"
            [[ ${ARCHIVES:-whole} != killed ]] || exit 137
            exit 0
            ;;
          -XX:SharedArchiveFile=*) grep -q whole "${a#*=}" || kill -BUS $$ ;;
        esac
      done
      printf '<%s>' "$@"
      """;

  private Map<String, String> archiving(String how) throws IOException {
    launcher.tool("java", ARCHIVING_JAVA);
    return Map.of("LOG", temp.resolve("archives.log").toString(), "ARCHIVES", how);
  }

  @Test
  void theClassesOfAStartAreArchivedOnceForEachJava() throws Exception {
    var env = archiving("whole");
    LauncherCheckout.Result first = launcher.run(env, "x");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).containsPattern("<-XX:SharedArchiveFile=[^>]*/startup-17.0.1.jsa>");
    assertThat(launcher.run(env, "x").out()).isEqualTo(first.out());
    Files.writeString(temp.resolve("jdk/release"), "JAVA_VERSION=\"21.0.2\"\n");
    assertThat(launcher.run(env, "x").out()).contains("/startup-21.0.2.jsa>");
    assertThat(temp.resolve("archives.log")).hasContent("made\nmade");
  }

  @Test
  void anArchiveThatIsNotWholeIsNeverStartedFrom() throws Exception {
    for (String how : List.of("killed", "half")) {
      var env = archiving(how);
      LauncherCheckout.Result result = launcher.run(env, "x");
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out()).contains("<x>").doesNotContain("SharedArchiveFile");
      assertThat(startups(launcher.checkout().resolve("target/launcher/builds"))).isEmpty();
    }
    assertThat(launcher.run(archiving("whole"), "x").out()).contains("SharedArchiveFile");
  }

  @Test
  void aJavaThatArchivesNothingIsAskedOnce() throws Exception {
    var env = archiving("none");
    for (int i = 0; i < 2; i++) {
      LauncherCheckout.Result result = launcher.run(env, "x");
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out()).contains("<x>").doesNotContain("SharedArchiveFile");
    }
    assertThat(temp.resolve("archives.log")).hasContent("made");
  }

  @Test
  void newJarsInAnInstallationGetANewArchive() throws Exception {
    var env = archiving("whole");
    Path lib = Files.createDirectories(temp.resolve("opt/realera/lib"));
    Path bin = Files.createDirectories(temp.resolve("opt/realera/bin"));
    Files.copy(LauncherCheckout.SCRIPT, bin.resolve("realera"));
    Path jar = Files.writeString(lib.resolve("realera.jar"), "jar");
    launcher.runScript(bin.resolve("realera"), temp, env, "x");
    Path archive = temp.resolve("opt/realera/startup-17.0.1.jsa");
    assertThat(archive).exists();
    // Older than any jar: the clock of a file system may be too coarse to tell two writes apart.
    Files.delete(jar);
    Files.writeString(jar, "jar");
    long tick = 0;
    while (changed(jar) <= changed(archive) && tick++ < 10_000) {
      Files.writeString(jar, "jar");
    }
    launcher.runScript(bin.resolve("realera"), temp, env, "x");
    assertThat(temp.resolve("archives.log")).hasContent("made\nmade");
  }

  private static long changed(Path file) throws IOException {
    return ((FileTime) Files.getAttribute(file, "unix:ctime")).to(TimeUnit.NANOSECONDS);
  }

  private static List<String> startups(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(String::valueOf).filter(name -> name.contains("startup-")).toList();
    }
  }

  @Test
  void onlyCommandsThatLookAreSparedTheOptimizingCompiler() throws Exception {
    assertThat(launcher.run(Map.of(), "model", "info", "m").out()).contains("TieredStopAtLevel");
    assertThat(launcher.run(Map.of(), "--version").out()).contains("TieredStopAtLevel");
    assertThat(launcher.run(Map.of(), "model", "info", "m", "--diff", "b").out())
        .doesNotContain("TieredStopAtLevel");
    assertThat(launcher.run(Map.of(), "erase", "--help").out()).contains("TieredStopAtLevel");
    assertThat(launcher.run(Map.of(), "erase").out()).doesNotContain("TieredStopAtLevel");
    assertThat(launcher.run(Map.of(), "generate", "-p", "a -h b").out())
        .doesNotContain("TieredStopAtLevel");
  }

  @Test
  void theGpuFlavorLeavesTheCpuLibraryOut() throws Exception {
    LauncherCheckout.Result gpu = launcher.run(Map.of("REALERA_TORCH", "cu128"), "x");
    assertThat(gpu.out()).contains("<-DPYTORCH_FLAVOR=cu128>").doesNotContain("pytorch-native-cpu");
    LauncherCheckout.Result cpu = launcher.run(Map.of("REALERA_TORCH", "cpu"), "x");
    assertThat(cpu.out()).contains("pytorch-native-cpu").doesNotContain("PYTORCH_FLAVOR");
  }

  @Test
  void aFlavorThatIsNoneIsRefused() throws Exception {
    LauncherCheckout.Result result = launcher.run(Map.of("REALERA_TORCH", "banana"), "x");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("REALERA_TORCH is banana").contains("cpu or cu128");
  }

  @Test
  void theUsersCollectorTakesThePlaceOfOurs() throws Exception {
    assertThat(launcher.run(Map.of(), "x").out()).contains("<-XX:+UseSerialGC>");
    var env = Map.of("REALERA_JAVA_OPTS", "-XX:+UseG1GC");
    assertThat(launcher.run(env, "x").out()).contains("UseG1GC").doesNotContain("UseSerialGC");
  }

  @ParameterizedTest
  @ValueSource(ints = {130, 143})
  void aStopDuringTheFirstStartIsForTheCommand(int code) throws Exception {
    launcher.tool(
        "java", "case \"$*\" in *ArchiveClassesAtExit*) exit $CODE ;; esac; printf '<%s>' \"$@\"");
    LauncherCheckout.Result result = launcher.run(Map.of("CODE", String.valueOf(code)), "x");
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void whatAKilledStartLeftIsClearedButNotWhatAnotherIsWriting() throws Exception {
    var env = archiving("whole");
    launcher.run(env, "x");
    Path app = Path.of(startups(launcher.checkout().resolve("target/launcher/builds")).get(0));
    Files.delete(app);
    Path old = Files.createDirectory(app.resolveSibling("startup-17.0.1.jsa.aaaaaa"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
    Path recent = Files.createDirectory(app.resolveSibling("startup-17.0.1.jsa.bbbbbb"));
    launcher.run(env, "x");
    assertThat(old).doesNotExist();
    assertThat(recent).exists();
    assertThat(app).exists();
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
    var wsl = Map.of("REALERA_NVIDIA_DRIVER", "/none", "REALERA_WSL_DRIVER", driver.toString());
    assertThat(launcher.run(wsl).out()).contains("<-DPYTORCH_FLAVOR=cu128>");
  }

  /** Whether the launcher names the GPU flavor. */
  private boolean flavor(Path driver, String device, String... args) throws Exception {
    var env =
        Map.of(
            "REALERA_NVIDIA_DRIVER",
            driver.toString(),
            "REALERA_WSL_DRIVER",
            "/none",
            "REALERA_DEVICE",
            device);
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

  /** {@code locale} as of a system that has only some of its locales. */
  private void locales(String installed) throws IOException {
    launcher.tool(
        "locale",
        """
        [[ $1 != -a ]] || { printf '%%s\\n' POSIX %1$s; exit; }
        for name in %1$s; do
          [[ ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} != "$name" ]] || { echo UTF-8; exit; }
        done
        echo ANSI_X3.4-1968
        """
            .formatted(installed));
    launcher.tool("java", "printf '%s:%s:%s ' \"$LC_ALL\" \"${LANGUAGE:-}\" \"$*\"");
  }

  /** The name of a locale says nothing: what it does is asked. */
  @ParameterizedTest
  @CsvSource({
    "C.UTF-8 en_US.UTF-8, en_US.UTF-8, '', C.UTF-8",
    "C.UTF-8, en_US.UTF-8, '', C.UTF-8",
    "C.UTF-8, '', '', C.UTF-8",
    "C.UTF-8, de_DE, de_DE.ISO-8859-1, C.UTF-8",
    "en_US.UTF-8, C, '', en_US.UTF-8",
    "de_DE.UTF-8, '', de_DE.UTF-8, de_DE.UTF-8",
    "ja_JP.utf8, C, '', ja_JP.utf8",
    "'', en_US.UTF-8, '', ''"
  })
  void javaGetsALocaleThatReallyIsOfUtf8(String installed, String lang, String all, String used)
      throws Exception {
    locales(installed);
    var env = Map.of("LANG", lang, "LC_ALL", all, "LC_CTYPE", "", "LANGUAGE", "de");
    LauncherCheckout.Result result = launcher.run(env, "-c", "x");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).startsWith(used + "::").contains("-c x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v[1.0]",
        "back\\slash",
        "sp ace",
        "st*r?",
        "é ☃",
        "quo'te\"",
        "a$HOME",
        "-x",
        "%p"
      })
  void itStartsFromAFolderOfAnyName(String name) throws Exception {
    assumeTrue(
        name.matches("\\p{ASCII}*") || System.getProperty("sun.jnu.encoding").startsWith("UTF"));
    Path lib = Files.createDirectories(temp.resolve(name).resolve("lib"));
    Path bin = Files.createDirectories(temp.resolve(name).resolve("bin"));
    Files.copy(LauncherCheckout.SCRIPT, bin.resolve("realera"));
    Files.writeString(lib.resolve("realera.jar"), "jar");
    Files.delete(launcher.tools().resolve("mvn"));
    LauncherCheckout.Result result =
        launcher.runScript(bin.resolve("realera"), temp, Map.of("CDPATH", "/"), "x");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("<" + lib.toRealPath().resolve("realera.jar"));
  }

  @ParameterizedTest
  @CsvSource({"c:d, c:d/bin has a colon in its name", "wow!, a folder whose name ends in !"})
  void aFolderFromWhichJavaCanNotStartIsRefused(String name, String message) throws Exception {
    Path bin = Files.createDirectories(temp.resolve(name).resolve("bin"));
    Files.createDirectories(temp.resolve(name).resolve("lib"));
    Files.copy(LauncherCheckout.SCRIPT, bin.resolve("realera"));
    LauncherCheckout.Result result = launcher.runScript(bin.resolve("realera"), temp, Map.of());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(message).contains("Rename or move that folder.");
  }

  @Test
  void tooFewOpenFilesAreToldBeforeJavaStarts() throws Exception {
    launcher.tool("limited", "ulimit -n 32; exec bash \"$@\"");
    String script = launcher.checkout().resolve("scripts/realera").toString();
    LauncherCheckout.Result result =
        launcher.runScript(launcher.tools().resolve("limited"), temp, Map.of(), script, "x");
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.err())
        .contains("too many open files")
        .contains("Run `ulimit -n 1024` first.");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aPatternInTheJvmsOptionsIsNoPattern() throws Exception {
    var env = Map.of("REALERA_JAVA_OPTS", "-Dx=* *", "TMPDIR", "/nowhere");
    assertThat(launcher.run(env, "x").out()).contains("<-Dx=*><*>");
  }
}
