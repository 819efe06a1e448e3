package org.realera.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A folder that one run at a time writes into. What locks it goes with its process: the file that a
 * killed run leaves behind stands in nobody's way.
 */
public final class FolderLock {
  static final String FILE = ".lock";

  private FolderLock() {}

  /**
   * Does something while the folder is locked.
   *
   * @param folder made if it is not there, and then removed if nothing was written into it
   * @throws org.realera.RealeraException (failed) while another run writes into it, or if nothing
   *     can be written
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
    return LockFile.acquire(
        folder.resolve(FILE),
        folder,
        () -> {
          if (!Files.isDirectory(folder)) { // it may be a link to one
            Files.createDirectories(folder);
          }
        });
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
