package org.realera.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.realera.RealeraException;

/**
 * Where an output is written: if its name is a symbolic link, where that leads. A rename onto the
 * link would fail, for a folder can't take the place of one, or cut the link off; and what it leads
 * to may be on another disk, where the output is prepared then.
 */
public final class OutputPlace {
  /** More links that lead to links than any system follows. */
  private static final int MOST_LINKS = 40;

  private OutputPlace() {}

  /**
   * The place, absolute.
   *
   * @param out as the user named it
   * @throws RealeraException (usage) if it is a link to nothing; but not to a folder that a killed
   *     replacement has moved aside, which will be put back
   */
  public static Path of(Path out) {
    Path absolute = out.toAbsolutePath().normalize();
    if (!Files.isSymbolicLink(absolute)) {
      return absolute;
    }
    try {
      if (Files.exists(absolute)) {
        return absolute.toRealPath();
      }
    } catch (IOException e) {
      throw IoErrors.reading(out, e);
    }
    Path target = followed(absolute);
    if (HalfReplaced.find(target).filter(half -> half.output().equals(target)).isEmpty()) {
      throw RealeraException.usage(
          "the output " + out + " is a link to nothing",
          "Make the folder that it shall lead to, remove the link, or choose another --out.");
    }
    return target;
  }

  /** What a link leads to, whether that is there or not; the path itself if it is none. */
  static Path followed(Path absolute) {
    Path path = absolute;
    try {
      for (int i = 0; i < MOST_LINKS && Files.isSymbolicLink(path); i++) {
        path = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
      }
      return path;
    } catch (IOException e) {
      throw IoErrors.reading(absolute, e);
    }
  }
}
