package org.realera.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** What a disk has left. */
public final class DiskSpace {
  private DiskSpace() {}

  /**
   * Checks that an output will fit, before any work is done.
   *
   * @param folder where it is to stand; exists
   * @param bytes what it will take, at least
   * @throws RealeraException (resources) if that is not free
   */
  public static void require(Path folder, long bytes) {
    long usable;
    try {
      usable = Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw IoErrors.writing(folder, e);
    }
    if (usable < bytes) {
      throw new RealeraException(
          Kind.RESOURCES,
          "not enough room in %s: the output takes %s, %s are free"
              .formatted(folder, Sizes.text(bytes), Sizes.text(usable)),
          "Free some space, or choose another --out.");
    }
  }
}
