package org.realera.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.realera.golden.Golden;

/** The random miniature of Stable Diffusion that scripts/golden/make_random_sd.py made. */
public final class TinyModel {
  private TinyModel() {}

  static Path folder() {
    return Golden.path("tiny-sd");
  }

  /** The same of Stable Diffusion 2. */
  static Path second() {
    return Golden.path("tiny-sd2");
  }

  /** A copy that a test may spoil. */
  public static Path copyTo(Path target) {
    try {
      for (Path file : files(folder())) {
        Path to = target.resolve(folder().relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files under a folder, in order. */
  public static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces text in a file. */
  public static void edit(Path file, String from, String to) {
    try {
      String text = Files.readString(file);
      if (!text.contains(from)) {
        throw new IllegalArgumentException(file + " has no " + from);
      }
      Files.writeString(file, text.replace(from, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
