package org.realera.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.realera.files.AtomicFile;
import org.realera.files.FileTree;
import org.realera.files.IoErrors;
import org.realera.files.LinkedFiles;

/** Listing, copying and filling model folders. */
final class FolderFiles {
  /** Texts and images. Weights have too many names, and their backups and engines more. */
  private static final Pattern NO_WEIGHTS =
      Pattern.compile(
          "(?i).*\\.(json|jsonl|txt|md|rst|html|py|ya?ml|toml|ini|cfg|csv|tsv|pdf)"
              + "|.*\\.(png|jpe?g|webp|gif|svg)"
              + "|(\\w+[-_])?(licen[cs]e|notice|copying|authors|readme)([-_]\\w+(\\.\\d+)*)?"
              + "|\\.git(attributes|ignore)");

  /** What says in which files weights are. */
  private static final Pattern INDEX =
      Pattern.compile(".*\\.(safetensors|bin)\\.index(\\.\\w+)?\\.json");

  /** Left by git and by hub downloads; not part of a model, and can be larger than it. */
  private static final Set<String> NOT_MODEL = Set.of(".git", ".cache", ".huggingface");

  private FolderFiles() {}

  /** Whether a file may hold weights, for all that its name says, or is an index of them. */
  static boolean mayBeWeights(Path file) {
    String name = String.valueOf(file.getFileName());
    return INDEX.matcher(name).matches() || !NO_WEIGHTS.matcher(name).matches();
  }

  /** Every regular file below a folder, in order; links as {@link LinkedFiles} follows them. */
  static List<Path> list(Path root) {
    return LinkedFiles.list(root, NOT_MODEL);
  }

  /** Copies one file, atomically. */
  static void copy(Path from, Path to) {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ)) {
      AtomicFile.write(
          to,
          out -> {
            long size = in.size();
            for (long done = 0; done < size; ) {
              done += in.transferTo(done, size - done, out);
            }
          });
    } catch (IOException e) {
      throw IoErrors.reading(from, e);
    }
  }

  /** The folder of a file that is to be written, made if need be; returns the file. */
  static Path withFolder(Path file) {
    try {
      Files.createDirectories(file.getParent());
      return file;
    } catch (IOException e) {
      throw IoErrors.writing(file, e);
    }
  }

  /**
   * Fills a folder that is empty or not there yet; on failure nothing is left in it.
   *
   * @throws IllegalArgumentException if it is not empty; it is left as it is
   */
  static <T> T fill(Path folder, Supplier<T> body) {
    boolean existed = Files.exists(folder);
    requireEmpty(folder);
    boolean done = false;
    try {
      T result = body.get();
      done = true;
      return result;
    } finally {
      if (!done) {
        (existed ? entries(folder) : List.of(folder)).forEach(FileTree::deleteQuietly);
      }
    }
  }

  private static void requireEmpty(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw IoErrors.writing(folder, e);
    }
    if (!entries(folder).isEmpty()) {
      throw new IllegalArgumentException(folder + " is not empty");
    }
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    } catch (IOException e) {
      throw IoErrors.writing(folder, e);
    }
  }
}
