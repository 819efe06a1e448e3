package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class IoErrorsTest {
  private static final Path FILE = Path.of("folder", "file");

  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "Disk quota exceeded",
        "File too large",
        "There is not enough space on the disk"
      })
  void whateverADiskCallsItFullIsOneKindOfError(String reason) {
    for (IOException e :
        List.of(new IOException(reason), new FileSystemException("x", null, reason))) {
      assertThat(IoErrors.writing(FILE, e).kind()).isEqualTo(Kind.RESOURCES);
      assertThat(IoErrors.writing(FILE, e)).hasMessage("no space left to write " + FILE);
    }
  }

  /** FileChannel.map, and a system call that fails with ENOMEM. */
  @Test
  void aFileThatDoesNotFitIntoMemoryIsNoFaultOfItsDisk() {
    for (IOException e :
        List.of(
            new IOException("Map failed", new OutOfMemoryError("Map failed")),
            new FileSystemException("x", null, "Cannot allocate memory"))) {
      assertThat(IoErrors.reading(FILE, e).kind()).isEqualTo(Kind.RESOURCES);
      assertThat(IoErrors.reading(FILE, e)).hasMessageContaining("reading " + FILE);
    }
  }

  /** Java's older classes say so by the exception that else stands for a missing file. */
  @Test
  void tooManyOpenFilesAreToldAsSuch() {
    String reason = "Too many open files";
    for (IOException e :
        List.of(
            new FileNotFoundException("x (" + reason + ")"),
            new FileSystemException("x", null, reason))) {
      for (RealeraException error : List.of(IoErrors.reading(FILE, e), IoErrors.writing(FILE, e))) {
        assertThat(error.kind()).isEqualTo(Kind.RESOURCES);
        assertThat(error).hasMessage("too many open files to open " + FILE);
        assertThat(error.remedy()).contains("ulimit -n 1024");
      }
    }
  }

  static Stream<IOException> missing() {
    return Stream.of(new NoSuchFileException("x"), new FileNotFoundException("x"));
  }

  @ParameterizedTest
  @MethodSource("missing")
  void whatIsNotThereIsNotFound(IOException e) {
    assertThat(IoErrors.reading(FILE, e).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(IoErrors.reading(FILE, e)).hasMessage(FILE + " is missing");
  }

  /** As /proc refuses, which is there, and anybody's folder that another process has taken away. */
  @Test
  void aPlaceThatTakesNoFileIsSaidInWords() {
    IOException refused = new NoSuchFileException("folder/file");
    assertThat(IoErrors.writing(FILE, refused).kind()).isEqualTo(Kind.FAILED);
    assertThat(IoErrors.writing(FILE, refused))
        .hasMessage(
            "can't write "
                + FILE
                + ": there is no such folder, or the system refuses new files there")
        .hasCause(refused);
  }

  @Test
  void aMissingFileIsNotFoundWhereItIsDigested() {
    Path file = temp.resolve("x");
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> Digests.sha256(List.of(file)));
    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(e).hasMessage(file + " is missing");
  }

  @Test
  void aWalkNamesWhatItCouldNotRead() {
    IOException denied = new AccessDeniedException("folder/closed");
    assertThat(IoErrors.reading(FILE, new UncheckedIOException(denied)))
        .hasMessage("no permission to read " + Path.of("folder/closed"))
        .hasCause(denied);
    assertThat(IoErrors.reading(FILE, new UncheckedIOException(new IOException("torn cable"))))
        .hasMessage("can't read " + FILE + ": torn cable");
  }
}
