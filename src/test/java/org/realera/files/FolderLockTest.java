package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class FolderLockTest {
  @TempDir private Path temp;

  /** Another process: locks a folder, says so, and waits to be killed. */
  static final class Other {
    private Other() {}

    public static void main(String[] args) {
      FolderLock.during(
          Path.of(args[0]),
          () -> {
            System.out.println("locked");
            try {
              return System.in.read();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
    }
  }

  @Test
  @Timeout(60)
  void whatAnotherProcessWritesIsRefusedUntilItIsKilledAndThenNothingIsInTheWay() throws Exception {
    Path out = temp.resolve("out");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                out.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      BufferedReader lines = other.inputReader(StandardCharsets.UTF_8);
      assertThat(lines.readLine()).isEqualTo("locked");
      RealeraException refusal = refusal(out);
      assertThat(refusal).hasMessage("another run is writing " + out);
      assertThat(refusal.kind()).isEqualTo(Kind.FAILED);
    } finally {
      other.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    assertThat(out.resolve(FolderLock.FILE)).exists();
    assertThat(FolderLock.<String>during(out, () -> "done")).isEqualTo("done");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void theFolderIsLockedOnlyWhileTheWorkIsDone() {
    Path out = temp.resolve("new/out");
    assertThat(FolderLock.<RealeraException>during(out, () -> refusal(out)))
        .hasMessage("another run is writing " + out);
    assertThat(out).doesNotExist();
    Path file = FolderLock.during(out, () -> write(out.resolve("file")));
    assertThat(file).exists();
    assertThat(out.resolve(FolderLock.FILE)).doesNotExist();
  }

  @Test
  void aLinkToAFolderStaysOne() throws IOException {
    Path out = Files.createDirectory(temp.resolve("out"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), out);
    assertThat(FolderLock.<RealeraException>during(link, () -> refusal(out)))
        .hasMessage("another run is writing " + out);
    assertThat(link).isSymbolicLink();
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void aFileInItsPlaceIsAnError() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThat(refusal(file)).hasMessageContaining(file.toString());
    assertThat(file).exists();
  }

  private static RealeraException refusal(Path out) {
    return catchThrowableOfType(
        RealeraException.class, () -> FolderLock.during(out, () -> "never done"));
  }

  private static Path write(Path file) {
    try {
      return Files.writeString(file, "written");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
