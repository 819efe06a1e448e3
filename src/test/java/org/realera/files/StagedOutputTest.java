package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class StagedOutputTest {
  @TempDir private Path folder;
  private Path out;
  private Path state;

  /** The other process: locks an output, says so, and writes until its input ends. */
  static final class Other {
    private Other() {}

    public static void main(String[] args) throws IOException {
      Path out = Path.of(args[0]);
      try (StagedOutput staged = StagedOutput.open(out, state(out))) {
        Files.writeString(staged.staging(), "half");
        System.out.println("locked");
        assertThat(System.in.read()).isNegative();
      } catch (RealeraException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @BeforeEach
  void paths() {
    out = folder.resolve("out");
    state = state(out);
  }

  @ParameterizedTest
  @ValueSource(strings = {"thesis.tex", "output/thesis.tex", "replaced/thesis.tex", "lock/1"})
  void aFolderOfSomebodyElsesInTheStatesPlaceIsNotTouched(String name) throws IOException {
    Path file = state.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "years of work");
    assertRefused();
    Files.createDirectories(state);
    if (!Files.exists(state.resolve("lock"))) {
      // The name alone, as other programs leave it, does not make it a state.
      Files.createFile(state.resolve("lock"));
      assertRefused();
      Files.writeString(state.resolve("lock"), "pid 4711");
      assertRefused();
    }
    assertThat(file).hasContent("years of work");
  }

  private void assertRefused() {
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> StagedOutput.open(out, state));
    assertThat(e.kind()).isEqualTo(Kind.USAGE);
    assertThat(e).hasMessageContaining("the folder " + state + " is in the way");
    assertThat(e.remedy()).contains("Move it away").contains("--out");
  }

  @Test
  void aStateThatWasJustBegunOrLeftByAKillIsTaken() throws IOException {
    Files.createDirectory(state);
    StagedOutput.open(out, state).drop();
    Files.createDirectory(state);
    Files.createFile(state.resolve("lock"));
    StagedOutput.open(out, state).close();
    Files.writeString(state.resolve("output"), "half");
    Files.createSymbolicLink(state.resolve("link"), folder.resolve("nowhere"));
    StagedOutput.open(out, state).drop();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aCommitThatFailsPutsTheOldOutputBack() throws IOException {
    Files.createDirectory(out);
    Files.writeString(out.resolve("model"), "old");
    try (StagedOutput staged = StagedOutput.open(out, state)) {
      RealeraException e = catchThrowableOfType(RealeraException.class, staged::commit);
      assertThat(e).hasMessageContaining("can't write " + out);
      staged.drop();
    }
    assertThat(out.resolve("model")).hasContent("old");
    assertThat(state).doesNotExist();
  }

  @Test
  @Timeout(60)
  void anOutputThatThisProcessWritesIsRefusedToAnother() throws Exception {
    try (StagedOutput staged = StagedOutput.open(out, state)) {
      // Refusing it here must not give it away there.
      assertThat(
              catchThrowableOfType(RealeraException.class, () -> StagedOutput.open(out, state))
                  .kind())
          .isEqualTo(Kind.FAILED);
      Process other = other();
      assertThat(line(other)).isEqualTo("another run is writing " + out);
      assertThat(other.waitFor()).isZero();
      Files.writeString(staged.staging(), "whole");
      staged.commit();
      staged.drop();
    }
    assertThat(out).hasContent("whole");
    assertThat(state).doesNotExist();
  }

  @Test
  @Timeout(60)
  void whatAnotherProcessWritesIsRefusedHereUntilItIsKilled() throws Exception {
    Process other = other();
    try {
      assertThat(line(other)).isEqualTo("locked");
      assertThat(catchThrowableOfType(RealeraException.class, () -> StagedOutput.open(out, state)))
          .hasMessage("another run is writing " + out);
      assertThat(state.resolve("output")).hasContent("half");
    } finally {
      other.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    try (StagedOutput staged = StagedOutput.open(out, state)) {
      assertThat(state.resolve("output")).exists();
      staged.drop();
    }
    assertThat(folder).isEmptyDirectory();
  }

  private Process other() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Other.class.getName(),
            out.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String line(Process process) throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    return String.valueOf(lines.readLine());
  }

  private static Path state(Path out) {
    return out.resolveSibling("out.state");
  }
}
