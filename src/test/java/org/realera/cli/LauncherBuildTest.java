package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When {@code scripts/realera} builds. */
class LauncherBuildTest {
  @TempDir private Path temp;
  private LauncherCheckout launcher;

  @BeforeEach
  void makeACheckout() throws IOException {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    assumeTrue(!os.contains("windows"), "the launcher is a shell script");
    launcher = LauncherCheckout.in(temp);
  }

  @Test
  void itBuildsOnFirstUseAndSaysSo() throws Exception {
    LauncherCheckout.Result first = launcher.run(Map.of(), "erase", "a b");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.err()).hasLineCount(1).startsWith("realera: first use: building");
    assertThat(first.out()).contains("<org.realera.cli.Main><erase><a b>");
    assertThat(first.out()).contains("/lib/realera.jar:").contains("/lib/b.jar:");
    LauncherCheckout.Result second = launcher.run(Map.of(), "--version");
    assertThat(second.err()).isEmpty();
    assertThat(launcher.buildCount()).isEqualTo(1);
  }

  @Test
  void itRebuildsWhenASourceIsEditedOrDeleted() throws Exception {
    launcher.run(Map.of());
    Files.writeString(launcher.checkout().resolve("src/main/java/A.java"), "class A { int i; }");
    assertThat(launcher.run(Map.of()).err())
        .startsWith("realera: the sources have changed: building");
    Files.delete(launcher.checkout().resolve("src/main/java/A.java"));
    launcher.run(Map.of());
    Files.writeString(launcher.checkout().resolve("pom.xml"), "<project></project>");
    launcher.run(Map.of());
    assertThat(launcher.buildCount()).isEqualTo(4);
  }

  /** Whoever runs the build before keeps its jars. */
  @Test
  void theBuildBeforeStaysAndThoseBeforeItGo() throws Exception {
    launcher.run(Map.of());
    Path first = currentBuild();
    edit("class A { int i; }");
    Path second = currentBuild();
    assertThat(second).isNotEqualTo(first).isDirectory();
    assertThat(first).isDirectory();
    edit("class A { int j; }");
    assertThat(currentBuild()).isNotEqualTo(second).isDirectory();
    assertThat(second).isDirectory();
    assertThat(first).doesNotExist();
  }

  private void edit(String text) throws Exception {
    Files.writeString(launcher.checkout().resolve("src/main/java/A.java"), text);
    LauncherCheckout.Result result = launcher.run(Map.of());
    assertThat(result.code()).as(result.err()).isZero();
  }

  private Path currentBuild() throws IOException {
    Path work = launcher.checkout().resolve("target/launcher");
    return work.resolve("builds").resolve(Files.readString(work.resolve("current")).strip());
  }

  @Test
  void itDoesNotRebuildForAFileOfTheSameContentNorForTests() throws Exception {
    launcher.run(Map.of());
    Files.delete(launcher.checkout().resolve("src/main/java/A.java"));
    Files.writeString(launcher.checkout().resolve("src/main/java/A.java"), "class A {}");
    Files.createDirectories(launcher.checkout().resolve("src/test"));
    assertThat(launcher.run(Map.of()).err()).isEmpty();
    assertThat(launcher.buildCount()).isEqualTo(1);
  }

  @Test
  void aFailedBuildIsNotTrustedLater() throws Exception {
    LauncherCheckout.Result failed = launcher.run(Map.of("MVN_EXIT", "1"));
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("realera: error: the build failed").contains("mvn -Dquickly");
    assertThat(failed.out()).isEmpty();
    assertThat(launcher.run(Map.of()).code()).isZero();
    assertThat(launcher.buildCount()).isEqualTo(2);
  }

  @Test
  void aMissingMavenIsNamed() throws Exception {
    Files.delete(launcher.tools().resolve("mvn"));
    var env = Map.of("PATH", launcher.toolsWithoutMaven());
    LauncherCheckout.Result result = launcher.run(env);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("there is no mvn on the PATH").contains("install Maven");
  }

  @Test
  void aRuntimeWithoutACompilerIsNotEnoughToBuild() throws Exception {
    Files.delete(launcher.tools().resolve("javac"));
    assertThat(launcher.run(Map.of()).err()).contains("has no javac");
  }

  @Test
  void aKilledBuildIsNotTrustedLater() throws Exception {
    LauncherCheckout.Result killed = launcher.run(Map.of("MVN_KILLS", "1"));
    assertThat(killed.code()).isEqualTo(128 + 9);
    LauncherCheckout.Result next = launcher.run(Map.of(), "x");
    assertThat(next.code()).as(next.err()).isZero();
    assertThat(next.out()).contains("<x>").contains("pytorch-native-cpu");
    assertThat(launcher.buildCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoStartsAtOnceBuildOnce(boolean flock) throws Exception {
    Path gate = temp.resolve("gate");
    assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
    Map<String, String> env = new HashMap<>(Map.of("MVN_GATE", gate.toString()));
    if (!flock) {
      env.put("PATH", launcher.toolsWithoutFlock());
    }
    Process one = launcher.start(env, "x");
    assertThat(nextError(one)).contains("first use: building");
    assertThat(lock()).matches(path -> Files.exists(path) != flock);
    Process two = launcher.start(env, "x");
    assertThat(nextError(two)).contains("waiting for another build to end");
    Files.writeString(gate, "go\n");
    assertThat(LauncherCheckout.finish(one).out()).contains("<x>");
    assertThat(LauncherCheckout.finish(two).out()).contains("<x>");
    assertThat(launcher.buildCount()).isEqualTo(1);
    assertThat(lock()).doesNotExist();
  }

  /** What locks where there is no flock. */
  private Path lock() {
    return launcher.checkout().resolve("target/launcher/lock.d");
  }

  /** As on macOS. */
  @Test
  void withoutFlockALockWhoseProcessIsGoneIsTakenOver() throws Exception {
    Files.createDirectories(lock());
    Files.writeString(lock().resolve("pid"), "99999999\n"); // no system counts that far
    Map<String, String> env = Map.of("PATH", launcher.toolsWithoutFlock());
    LauncherCheckout.Result result = launcher.run(env, "x");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).hasLineCount(1).startsWith("realera: first use: building");
    assertThat(launcher.checkout().resolve("target/launcher"))
        .isDirectoryNotContaining("glob:**/lock*");
  }

  /** One without a process was made just now: its maker is about to write it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutFlockALockWhoseProcessLivesIsWaitedFor(boolean named) throws Exception {
    Files.createDirectories(lock());
    Path pid = lock().resolve("pid");
    if (named) {
      Files.writeString(pid, ProcessHandle.current().pid() + "\n");
    }
    Process waiting = launcher.start(Map.of("PATH", launcher.toolsWithoutFlock()), "x");
    assertThat(nextError(waiting)).isEqualTo("realera: waiting for another build to end ...");
    assertThat(launcher.buildCount()).isZero();
    Files.move(lock(), temp.resolve("released"));
    LauncherCheckout.Result result = LauncherCheckout.finish(waiting);
    assertThat(result.out()).contains("<x>");
    assertThat(result.err()).hasLineCount(1).contains("first use: building");
  }

  @Test
  void withoutFlockAFailedBuildLeavesNoLock() throws Exception {
    var env = Map.of("PATH", launcher.toolsWithoutFlock(), "MVN_EXIT", "1");
    assertThat(launcher.run(env).code()).isEqualTo(1);
    assertThat(lock()).doesNotExist();
  }

  /** As on macOS, too, where the tool that hashes has another name. */
  @Test
  void withoutSha256sumSourcesAreHashedByShasum() throws Exception {
    Map<String, String> env = Map.of("PATH", launcher.toolsWithoutFlock());
    launcher.run(env);
    Path build = currentBuild();
    Path own = temp.resolve("bin/sha256sum");
    if (Files.exists(own)) {
      Path other = Files.move(own, temp.resolve("bin/hash"));
      launcher.tool("shasum", "[[ $1 == -a && $2 == 256 ]] && shift 2 && '" + other + "' \"$@\"");
    }
    Files.delete(launcher.checkout().resolve("target/launcher/current"));
    LauncherCheckout.Result again = launcher.run(env);
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(currentBuild()).as("the same sources").isEqualTo(build);
    assertThat(launcher.buildCount()).isEqualTo(1);
  }

  /** As on Alpine, whose C library knows no other encoding. */
  @Test
  void withoutToolsForLocalesJavaGetsUtf8() throws Exception {
    launcher.tool("java", "printf '%s' \"$LC_ALL\"");
    Map<String, String> env =
        Map.of("PATH", launcher.toolsWithoutFlock(), "LC_ALL", "de_DE.ISO-8859-1");
    assertThat(launcher.run(env).out()).isEqualTo("C.UTF-8");
  }

  /** The next line on stderr, as soon as it is there. */
  private static String nextError(Process process) throws IOException {
    @SuppressWarnings("resource") // closed with the process
    BufferedReader reader = process.errorReader();
    return String.valueOf(reader.readLine());
  }
}
