package org.realera.erase;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.files.IoErrors;

/** What must hold of an output folder before any work is done. */
final class OutputChecks {
  private OutputChecks() {}

  static void apart(Path out, Path source) {
    Path from = real(source);
    Path to = real(out);
    if (to.startsWith(from) || from.startsWith(to)) {
      throw RealeraException.usage(
          "the output folder " + out + " and the model folder " + source + " overlap",
          "choose another --out; the model that is read is never changed");
    }
  }

  static void replaceable(Path out, boolean force, boolean resume) {
    if (!Files.exists(out)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw RealeraException.usage(
          "the output " + out + " is a file, not a folder", "choose another --out");
    }
    // --force must never be able to remove somebody's home folder.
    if ((force || !resume) && !Files.exists(out.resolve("model_index.json")) && !isEmpty(out)) {
      throw RealeraException.usage(
          "the output folder " + out + " exists and is no model folder (no model_index.json)",
          "choose another --out; --force replaces nothing but a model");
    }
    if (!force && !resume) {
      throw exists(out);
    }
  }

  static RealeraException exists(Path out) {
    return RealeraException.usage(
        "the output folder " + out + " exists", "choose another --out, or replace it with --force");
  }

  private static boolean isEmpty(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw IoErrors.reading(folder, e);
    }
  }

  /**
   * The path with the links of its existing part resolved, so that two names of one folder meet.
   */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    for (Path p = absolute; p != null; p = p.getParent()) {
      if (Files.exists(p)) {
        try {
          return p.toRealPath().resolve(p.relativize(absolute)).normalize();
        } catch (IOException e) {
          throw IoErrors.reading(p, e);
        }
      }
    }
    return absolute;
  }
}
