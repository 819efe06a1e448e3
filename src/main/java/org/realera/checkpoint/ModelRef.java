package org.realera.checkpoint;

import java.nio.file.Path;

/**
 * A model, scorer or run as the user named it, and where it was found.
 *
 * @param name a folder, a file, a hub name or {@code pocket}
 * @param path a folder or a single file
 */
public record ModelRef(String name, Path path) {
  /** What tables call it: the last part of its name. */
  public String shortName() {
    Path last = Path.of(name).getFileName();
    return last == null ? name : last.toString();
  }
}
