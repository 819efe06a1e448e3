package org.realera.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.tensor.FileTree;
import org.realera.tensor.IoErrors;

/** Outputs that are there whole or not at all. */
final class Output {
  private Output() {}

  /**
   * Checks that a file may be written, and makes its folder.
   *
   * @param force whether one that exists may be replaced
   * @param sources models that are read; none may be replaced
   */
  static void prepareFile(Path file, boolean force, Path... sources) {
    for (Path source : sources) {
      if (same(file, source)) {
        throw RealeraException.usage(
            "the output " + file + " is a model that is read", "Choose another --out.");
      }
    }
    if (Files.isDirectory(file)) {
      throw RealeraException.usage("the output " + file + " is a folder", "Choose another --out.");
    }
    if (Files.exists(file) && !force) {
      throw exists(file);
    }
    parent(file);
  }

  /**
   * Writes a folder beside its place and renames it.
   *
   * @param force whether a model folder that exists may be replaced
   * @param source what is read; must not overlap
   * @param body fills the folder given
   */
  static void folder(Path out, boolean force, Path source, Consumer<Path> body) {
    Path target = out.toAbsolutePath().normalize();
    Path from = source.toAbsolutePath().normalize();
    if (target.startsWith(from) || from.startsWith(target)) {
      throw RealeraException.usage(
          "the output folder " + out + " and the model " + source + " overlap",
          "Choose another --out.");
    }
    if (Files.exists(target)) {
      boolean replaceable = Files.exists(target.resolve("model_index.json"));
      if (!force || !replaceable) {
        throw force
            ? RealeraException.usage(
                out + " exists and is no model folder", "Choose another --out.")
            : exists(out);
      }
    }
    parent(target);
    Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      body.accept(temporary);
      put(temporary, target);
    } finally {
      FileTree.deleteQuietly(temporary);
    }
  }

  private static void put(Path temporary, Path target) {
    Path replaced = temporary.resolveSibling(temporary.getFileName() + ".old");
    try {
      boolean exists = Files.exists(target);
      if (exists) {
        Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      if (exists) {
        FileTree.deleteQuietly(replaced);
      }
    } catch (IOException e) {
      throw IoErrors.writing(target, e);
    }
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
      throw IoErrors.reading(out, new IOException(e.getMessage(), e));
    } catch (IOException e) {
      throw IoErrors.reading(out, e);
    }
  }

  private static RealeraException exists(Path out) {
    return RealeraException.usage(
        "the output " + out + " exists", "Choose another --out, or replace it with --force.");
  }

  private static boolean same(Path a, Path b) {
    try {
      return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
    } catch (IOException e) {
      throw IoErrors.reading(a, e);
    }
  }

  private static void parent(Path out) {
    Path parent = out.toAbsolutePath().getParent();
    try {
      if (parent != null) {
        Files.createDirectories(parent);
      }
    } catch (IOException e) {
      throw IoErrors.writing(out, e);
    }
  }
}
