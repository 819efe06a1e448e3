package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
  @TempDir private Path folder;

  @Test
  void itIsOpenOnceInAProcessByWhateverName() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    try (LockFile lock = open("lock")) {
      assertThat(lock.tryLock()).isTrue();
      assertThat(folder.resolve("lock")).hasSize(LockFile.SIZE);
      assertThat(LockFile.open(folder.resolve("lock"))).isEmpty();
      assertThat(LockFile.open(link.resolve("lock"))).isEmpty();
    }
    try (LockFile lock = open("lock")) {
      assertThat(lock.tryLock()).isTrue();
    }
  }

  @Test
  void aLockOnAFileThatIsGoneOrAnotherByThenIsNone() throws IOException {
    try (LockFile lock = open("lock")) {
      Files.delete(folder.resolve("lock"));
      assertThatThrownBy(lock::tryLock).isInstanceOf(NoSuchFileException.class);
    }
    byte[] word = new byte[LockFile.SIZE];
    try (LockFile lock = open("lock")) {
      Files.delete(folder.resolve("lock"));
      Files.write(folder.resolve("lock"), word);
      assertThatThrownBy(lock::tryLock).isInstanceOf(NoSuchFileException.class);
    }
    assertThat(folder.resolve("lock")).hasBinaryContent(word);
  }

  @Test
  void aFolderThatIsMissingLeavesNothingOpen() throws IOException {
    Path inside = folder.resolve("missing");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> LockFile.open(inside.resolve("lock")))
          .isInstanceOf(NoSuchFileException.class);
    }
    Files.createDirectories(inside.resolve("lock"));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> LockFile.open(inside.resolve("lock")))
          .isInstanceOf(IOException.class);
    }
  }

  private LockFile open(String name) throws IOException {
    return LockFile.open(folder.resolve(name)).orElseThrow();
  }
}
