package org.realera.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.realera.NeedsForce;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** Checks an output before any work starts. */
final class OutputChecks {
  private OutputChecks() {}

  /** Output and source must not overlap, even through links. */
  static void apart(Path out, List<Path> sources) {
    for (Path source : sources) {
      if (overlap(normal(out), normal(source)) || overlap(real(out), real(source))) {
        throw RealeraException.usage(
            "the output " + out + " and the model " + source + " overlap",
            "Choose another --out; the model that is read is never changed.");
      }
    }
  }

  private static boolean overlap(Path a, Path b) {
    return a.startsWith(b) || b.startsWith(a);
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /**
   * Checks what is in the place of a model folder.
   *
   * @param force whether a model may be replaced
   * @param resume whether it may be what is gone on with
   * @param sources models that are read
   */
  static void folder(Path out, boolean force, boolean resume, List<Path> sources) {
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw RealeraException.usage(
          "the output " + out + " is a file, not a folder", "Choose another --out.");
    }
    if (!isTaken(out)) {
      return;
    }
    // --force must never be able to remove somebody's home folder.
    boolean ours =
        Files.exists(out.resolve("model_index.json")) || Files.exists(out.resolve("realera.json"));
    if ((force || !resume) && !ours) {
      throw RealeraException.usage(
          "the output folder " + out + " exists and is no model folder (no model_index.json)",
          "Choose another --out; --force replaces a model folder that holds no runs, pictures drawn here or other models.");
    }
    if (force) {
      Foreign.in(real(out), sources)
          .ifPresent(
              what -> {
                throw RealeraException.usage(
                    "the output folder " + out + " holds " + what + ", which is no part of a model",
                    "Move it away, or choose another --out; --force would remove it.");
              });
    }
    if (!force && !resume) {
      throw exists("the output folder " + out);
    }
  }

  /**
   * Checks what is in the place of a file.
   *
   * @param force whether another file may be replaced
   */
  static void file(Path out, boolean force) {
    if (Files.isDirectory(out)) {
      throw RealeraException.usage("the output " + out + " is a folder", "Choose another --out.");
    }
    if (Files.exists(out) && !force) {
      throw exists("the output " + out);
    }
  }

  /** Whether anything is there that would be lost; an empty folder is nothing. */
  static boolean isTaken(Path out) {
    return Files.exists(out) && !(Files.isDirectory(out) && isEmpty(out));
  }

  private static RealeraException exists(String output) {
    return new NeedsForce(
        Kind.USAGE, output + " exists", "Choose another --out, or replace it with --force.");
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
    Path absolute = normal(path);
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
