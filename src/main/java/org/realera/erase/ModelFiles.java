package org.realera.erase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.realera.files.IoErrors;
import org.realera.files.LinkedFiles;

/** What a model folder takes on disk. */
final class ModelFiles {
  /** For manifest, report, saved steps and blocks that are not full. */
  static final long MARGIN = 32L << 20;

  private static final Set<String> NOT_COPIED = Set.of(".git", ".cache", ".huggingface");

  private ModelFiles() {}

  /** Bytes that a copy takes: what is loaded from the folder, links resolved; or the one file. */
  static long outputBytes(Path root) {
    if (Files.isRegularFile(root)) {
      return MARGIN + size(root);
    }
    try {
      return MARGIN
          + LinkedFiles.list(root, NOT_COPIED).stream()
              .filter(f -> isCopied(root.relativize(f)))
              .mapToLong(ModelFiles::size)
              .sum();
    } catch (UncheckedIOException e) {
      throw IoErrors.reading(root, e);
    }
  }

  /** Whether this may be part of the copy; single-file checkpoints and pickles are not. */
  private static boolean isCopied(Path file) {
    String name = file.toString();
    boolean beside = file.getNameCount() == 1 && name.endsWith(".safetensors");
    return !beside && !name.endsWith(".ckpt");
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
