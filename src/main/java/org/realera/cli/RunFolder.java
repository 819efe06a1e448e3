package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.realera.RealeraException;

/** The folder that {@code --out} of an evaluation names. */
final class RunFolder {
  private RunFolder() {}

  /**
   * Checks it before anything is looked up: what is in a folder is gone on with.
   *
   * @throws RealeraException (usage) if it is a file, or a link to nothing
   */
  static Path require(Path out) {
    boolean taken = Files.exists(out) && !Files.isDirectory(out);
    if (taken || (Files.isSymbolicLink(out) && !Files.exists(out))) {
      throw RealeraException.usage(
          "--out " + out + (taken ? " is a file, not a folder" : " is a link to nothing"),
          "Choose another --out.");
    }
    return out;
  }
}
