package org.realera.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.files.DiskSpace;
import org.realera.files.IoErrors;
import org.realera.files.StagedOutput;

/**
 * Outputs that are there whole or not at all: written in {@code .NAME.writing} beside their place,
 * see {@link StagedOutput}.
 */
final class Output {
  private Output() {}

  /**
   * Writes a file beside its place and renames it.
   *
   * @param force whether one that exists may be replaced
   * @param sources models that are read; none may be replaced
   * @param bytes what it will take, at least
   * @param body writes the file given
   */
  static <T> T file(
      Path file, boolean force, List<Path> sources, long bytes, Function<Path, T> body) {
    for (Path source : sources) {
      if (same(file, source)) {
        throw RealeraException.usage(
            "the output " + file + " is a model that is read", "Choose another --out.");
      }
    }
    if (Files.isDirectory(file)) {
      throw RealeraException.usage("the output " + file + " is a folder", "Choose another --out.");
    }
    requireForce(file, force);
    return staged(file, force, bytes, body);
  }

  /**
   * Writes a folder beside its place and renames it.
   *
   * @param force whether a model folder that exists may be replaced
   * @param source what is read; must not overlap
   * @param bytes what it will take, at least
   * @param body fills the folder given, which is not there yet
   */
  static <T> T folder(Path out, boolean force, Path source, long bytes, Function<Path, T> body) {
    Path target = out.toAbsolutePath().normalize();
    Path from = source.toAbsolutePath().normalize();
    if (target.startsWith(from) || from.startsWith(target)) {
      throw RealeraException.usage(
          "the output folder " + out + " and the model " + source + " overlap",
          "Choose another --out.");
    }
    requireForce(out, force);
    if (Files.exists(target) && !Files.exists(target.resolve("model_index.json"))) {
      throw RealeraException.usage(out + " exists and is no model folder", "Choose another --out.");
    }
    return staged(out, force, bytes, body);
  }

  private static <T> T staged(Path out, boolean force, long bytes, Function<Path, T> body) {
    Path target = out.toAbsolutePath().normalize();
    Path state = target.resolveSibling("." + target.getFileName() + ".writing");
    return withParents(
        out,
        bytes,
        () -> {
          try (StagedOutput staged = StagedOutput.open(out, state)) {
            try {
              requireForce(out, force); // what a killed conversion had moved away is back now
              staged.empty();
              T result = body.apply(staged.staging());
              staged.commit();
              return result;
            } catch (RealeraException e) {
              throw staged.named(e);
            } finally {
              if (!staged.isHalfReplaced()) {
                staged.drop();
              }
            }
          }
        });
  }

  /** Size of a file, or of all files in a folder. */
  static long bytes(Path out) {
    try (Stream<Path> files = Files.walk(out)) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    } catch (UncheckedIOException e) {
      throw IoErrors.reading(out, e);
    } catch (IOException e) {
      throw IoErrors.reading(out, e);
    }
  }

  private static void requireForce(Path out, boolean force) {
    if (Files.exists(out) && !force) {
      throw RealeraException.usage(
          "the output " + out + " exists", "Choose another --out, or replace it with --force.");
    }
  }

  private static boolean same(Path a, Path b) {
    try {
      return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
    } catch (IOException e) {
      throw IoErrors.reading(a, e);
    }
  }

  /** Makes the folders above an output that fits; those made go again if the body fails. */
  private static <T> T withParents(Path out, long bytes, Supplier<T> body) {
    Deque<Path> missing = new ArrayDeque<>();
    Path folder = out.toAbsolutePath().normalize().getParent();
    Path parent = folder;
    while (parent != null && !Files.exists(parent)) {
      missing.add(parent);
      parent = parent.getParent();
    }
    boolean done = false;
    try {
      if (!missing.isEmpty()) {
        Files.createDirectories(missing.getFirst());
      }
      if (folder != null) {
        DiskSpace.require(folder, bytes);
      }
      T result = body.get();
      done = true;
      return result;
    } catch (IOException e) {
      throw IoErrors.writing(out, e);
    } finally {
      if (!done) {
        missing.forEach(Output::deleteIfEmpty);
      }
    }
  }

  private static void deleteIfEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // Somebody has put something there meanwhile; the error that brought us here is told.
    }
  }
}
