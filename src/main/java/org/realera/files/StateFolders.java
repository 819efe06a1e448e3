package org.realera.files;

import java.nio.file.Path;
import java.util.List;

/** The folders beside an output in which it is prepared; its name gives theirs. */
public final class StateFolders {
  private StateFolders() {}

  /** Of work that can be resumed, in sight: {@code OUT.state}. */
  public static Path lasting(Path out) {
    return out.resolveSibling(out.getFileName() + ".state");
  }

  /** Of work that starts over: {@code .OUT.writing}. */
  public static Path passing(Path out) {
    return out.resolveSibling("." + out.getFileName() + ".writing");
  }

  /** Both. */
  static List<Path> of(Path out) {
    return out.getFileName() == null ? List.of() : List.of(lasting(out), passing(out));
  }
}
