package org.realera.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders with all that is in them: their size, and their removal. */
public final class FileTree {
  private FileTree() {}

  /** Bytes of a file, or of all files in a folder; links in it are not followed. */
  public static long size(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    } catch (UncheckedIOException e) {
      throw IoErrors.reading(root, e);
    } catch (IOException e) {
      throw IoErrors.reading(root, e);
    }
  }

  /**
   * Has the system put all of a file or folder on the disk: the files' content, and what stands in
   * which folder. Links are not followed. Where folders can't be opened for that, files alone are.
   */
  static void sync(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          AtomicFile.syncFolder(path);
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            file.force(true);
          }
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Removes a file, folder or link, even one that leads nowhere, if it is there. Links are removed,
   * not followed.
   */
  public static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The same as far as it goes, for cleaning up behind an error that is the one worth telling. */
  public static void deleteQuietly(Path root) {
    try {
      delete(root);
    } catch (IOException e) {
      // See above.
    }
  }
}
