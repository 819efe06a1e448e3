package org.realera.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** A file that is written to while it is read is refused before its mapping can do harm. */
class ChangedFileTest {
  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void write() {
    path = folder.resolve("x.safetensors");
    write(path, 1);
  }

  private static void write(Path file, float value) {
    SafetensorsWriter.write(
        file,
        Map.of(),
        List.of(
            TensorSource.of("a", DType.F32, List.of(2L), new float[] {value, value}),
            TensorSource.of("b", DType.F32, List.of(1L), new float[] {value})));
  }

  @Test
  void oneThatWasMadeShorterIsNotMapped() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager()) {
      assertThat(file.read("a", scope).toFloatArray()).containsExactly(1, 1);
      try (FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
        other.truncate(Files.size(path) - 4);
      }
      assertRefused(file, scope);
    }
  }

  @Test
  void oneThatWasWrittenToIsNotRead() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager()) {
      Files.setLastModifiedTime(path, FileTime.fromMillis(0));
      assertRefused(file, scope);
    }
  }

  @Test
  void oneThatWasReplacedOrRemovedIsWhatItWasWhenOpened() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager()) {
      Path other = folder.resolve("other.safetensors");
      write(other, 2);
      Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
      assertThat(file.read("a", scope).toFloatArray()).containsExactly(1, 1);
      Files.delete(path);
      assertThat(file.read("b", scope).toFloatArray()).containsExactly(1);
    }
  }

  private void assertRefused(SafetensorsFile file, NDManager scope) {
    assertRefused(() -> file.read("b", scope));
    assertRefused(() -> file.stored("b").copy(scope));
  }

  private void assertRefused(ThrowingCallable reading) {
    RealeraException error = catchThrowableOfType(RealeraException.class, reading);
    assertThat(error.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(error).hasMessageStartingWith(path + ": it was changed while being read");
  }
}
