package org.realera.hub;

import java.nio.file.Path;
import org.realera.RealeraException;

/**
 * A file of a model at a commit.
 *
 * @param path in the repository, e.g. {@code unet/config.json}
 * @param size in bytes
 * @param etag the name of its blob: SHA-256 of the content for large files, git's SHA-1 for others
 */
record RemoteFile(String path, long size, String etag) {
  RemoteFile {
    if (size < 0 || !etag.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
      throw RealeraException.damaged(
          "the hub says of %s that it has %d bytes and the hash '%s'"
              .formatted(printable(path), size, printable(etag)),
          "Check HF_ENDPOINT, or try again later.");
    }
  }

  /**
   * Checks that a name leads to a file below the folder it is put into, on every system.
   *
   * @throws RealeraException (damaged) if it does not
   */
  static String checkedPath(String path) {
    boolean plain = !path.isEmpty() && !path.contains("\\") && !path.contains(":");
    for (String part : path.split("/", -1)) {
      plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    plain &= path.chars().noneMatch(Character::isISOControl);
    if (!plain || Path.of(path).isAbsolute()) {
      throw RealeraException.damaged(
          "the hub lists a file '%s', which would lead out of the model's folder"
              .formatted(printable(path)),
          "Do not use this model, and tell whoever runs the hub.");
    }
    return path;
  }

  static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 120 ? line : line.substring(0, 117) + "...";
  }

  boolean isLarge() {
    return etag.length() == 64;
  }
}
