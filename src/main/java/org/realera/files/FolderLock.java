package org.realera.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/**
 * A folder that one run at a time writes into. What locks it goes with its process: the file that a
 * killed run leaves behind stands in nobody's way.
 */
public final class FolderLock {
  static final String FILE = ".lock";

  /** Each but the last fails only if another process ends its work in that moment. */
  private static final int TRIES = 20;

  private FolderLock() {}

  /**
   * Does something while the folder is locked.
   *
   * @param folder made if it is not there, and then removed if nothing was written into it
   * @throws RealeraException (failed) while another run writes into it, or if nothing can be
   *     written
   */
  public static <T> T during(Path folder, Supplier<T> work) {
    boolean fresh = !Files.exists(folder);
    LockFile lock = lock(folder);
    try {
      return work.get();
    } finally {
      release(folder, lock, fresh);
    }
  }

  private static LockFile lock(Path folder) {
    for (int tries = 1; ; tries++) {
      try {
        if (!Files.isDirectory(folder)) { // it may be a link to one
          Files.createDirectories(folder);
        }
        Optional<LockFile> opened = LockFile.open(folder.resolve(FILE));
        return locked(folder, opened.orElseThrow(() -> busy(folder)));
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // Another process has just let go of it (the second: in the midst of making the folder).
        if (tries == TRIES) {
          throw IoErrors.writing(folder, e);
        }
      } catch (IOException e) {
        throw IoErrors.writing(folder, e);
      }
    }
  }

  private static LockFile locked(Path folder, LockFile opened) throws IOException {
    boolean locked = false;
    try {
      locked = opened.tryLock();
      if (!locked) {
        throw busy(folder);
      }
      return opened;
    } finally {
      if (!locked) {
        opened.close();
      }
    }
  }

  private static RealeraException busy(Path folder) {
    return new RealeraException(
        Kind.FAILED,
        "another run is writing " + folder,
        "wait for it to end, or choose another --out");
  }

  private static void release(Path folder, LockFile lock, boolean fresh) {
    try (lock) {
      lock.delete();
      if (fresh) {
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      // Something was written; or the file stays, which locks nothing any more.
    }
  }
}
