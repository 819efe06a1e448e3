package org.realera.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Folders of a cache: filled beside their place and put there by one rename. Processes that make
 * the same one at the same time do not disturb each other.
 */
public final class CacheFolders {
  private CacheFolders() {}

  /** Whether a folder holds all that it should. */
  @FunctionalInterface
  public interface Check {
    boolean isWhole(Path folder) throws IOException;
  }

  /** Writes what the folder should hold into one that is not there yet. */
  @FunctionalInterface
  public interface Body {
    void fill(Path folder) throws IOException;
  }

  /** Makes the folder unless it is there and whole; one that is damaged is replaced. */
  public static void make(Path folder, Check check, Body body) throws IOException {
    if (check.isWhole(folder)) {
      return;
    }
    Files.createDirectories(folder.getParent());
    Path temporary = folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID());
    try {
      body.fill(temporary);
      FileTree.sync(temporary); // a power cut must not leave a name without its content
      putInPlace(temporary, folder, check);
    } finally {
      FileTree.deleteQuietly(temporary);
    }
  }

  private static void putInPlace(Path temporary, Path folder, Check check) throws IOException {
    // What is there now is damaged, or was just put there, whole, by another process.
    if (Files.exists(folder) && !check.isWhole(folder)) {
      Path damaged = temporary.resolveSibling(temporary.getFileName() + ".old");
      Files.move(folder, damaged, StandardCopyOption.ATOMIC_MOVE);
      FileTree.deleteQuietly(damaged);
    }
    try {
      Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!check.isWhole(folder)) {
        throw e;
      }
    }
  }

  /** Writes a file, its folders made if need be. */
  public static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
