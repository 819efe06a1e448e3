package org.realera.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Files that are there whole or not at all: written beside, synced to disk, renamed into place. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content; may throw whatever it likes, the target is then left as it was. */
  @FunctionalInterface
  public interface Body {
    void write(FileChannel out) throws IOException;
  }

  /**
   * Writes {@code target}, replacing a file that is already there. Its folder must exist.
   *
   * @throws org.realera.RealeraException (resources) when the disk is full, (failed) when it can't
   *     be written for another reason; no temporary file stays behind
   */
  public static void write(Path target, Body body) {
    Path absolute = target.toAbsolutePath();
    // Not Files.createTempFile: that makes files nobody else may read.
    Path temporary =
        absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
    boolean created = false;
    try {
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        created = true;
        body.write(out);
        out.force(true);
      }
      move(temporary, absolute);
      created = false;
      syncFolder(absolute.getParent());
    } catch (ReadOnlyFileSystemException e) {
      throw IoErrors.writing(target, e);
    } catch (IOException e) {
      throw IoErrors.writing(target, e);
    } finally {
      if (created) {
        deleteQuietly(temporary);
      }
    }
  }

  /** Writes a small file, as {@link #write(Path, Body)}. */
  public static void write(Path target, byte[] content) {
    write(target, out -> writeFully(out, ByteBuffer.wrap(content)));
  }

  /**
   * Writes a small file, as {@link #write(Path, Body)}, and the folders it lies in where they are
   * missing.
   *
   * @throws org.realera.RealeraException (resources, failed) when a folder or the file can't be
   *     made
   */
  public static void writeWithFolders(Path target, byte[] content) {
    Path parent = target.toAbsolutePath().getParent();
    try {
      if (parent != null) {
        Files.createDirectories(parent);
      }
    } catch (IOException e) {
      throw IoErrors.writing(target, e);
    }
    write(target, content);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Makes what was renamed into a folder or out of it durable, on systems where a folder can be
   * opened for that.
   */
  static void syncFolder(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows and some network disks can't; the file itself is already on disk.
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The error that brought us here is the one worth telling.
    }
  }

  /** Writes all of the bytes, however many calls the channel takes for it. */
  public static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
