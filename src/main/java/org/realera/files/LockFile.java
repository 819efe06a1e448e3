package org.realera.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/**
 * A lock on a file, which goes with its process, and which its holder may delete. Whoever holds it
 * has written a word into the file that nobody else writes.
 *
 * <p>Where locks are POSIX's, a process loses those on a file as soon as it closes any channel of
 * it: so in one process at most one of these is open for a file, and nothing else opens it.
 */
final class LockFile implements AutoCloseable {
  /** Bytes in the file once somebody has held the lock. */
  static final int SIZE = 45;

  /** Each but the last fails only if another process ends its work in that moment. */
  private static final int TRIES = 20;

  /** What is locked is beyond the word: some systems let nobody read what is locked. */
  private static final long LOCKED_BYTE = 1 << 20;

  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Path key;
  private final FileChannel channel;
  private @Nullable FileChannel byName;

  private LockFile(Path file, Path key, FileChannel channel) {
    this.file = file;
    this.key = key;
    this.channel = channel;
  }

  /**
   * Opens a file in a folder that exists, and makes it if it is not there; locks nothing yet.
   *
   * @return empty if this process has it open already
   */
  static Optional<LockFile> open(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path key =
        folder == null ? file : folder.toRealPath().resolve(String.valueOf(file.getFileName()));
    if (!OPEN.add(key)) {
      return Optional.empty();
    }
    boolean opened = false;
    try {
      LockFile lock = new LockFile(file, key, FileChannel.open(file, CREATE, WRITE));
      opened = true;
      return Optional.of(lock);
    } finally {
      if (!opened) {
        OPEN.remove(key);
      }
    }
  }

  /** Makes ready the folder that a lock file is to stand in. */
  @FunctionalInterface
  interface Folder {
    void prepare() throws IOException;
  }

  /**
   * Opens a file and locks it, while others may be removing it and its folder.
   *
   * @param guarded what it locks, as messages shall name it
   * @param folder done before each try
   * @throws RealeraException (failed) while another run holds the lock, or if nothing can be
   *     written
   */
  static LockFile acquire(Path file, Path guarded, Folder folder) {
    for (int tries = 1; ; tries++) {
      try {
        folder.prepare();
        LockFile opened = open(file).orElseThrow(() -> busy(guarded));
        boolean locked = false;
        try {
          locked = opened.tryLock();
          if (!locked) {
            throw busy(guarded);
          }
          return opened;
        } finally {
          if (!locked) {
            opened.close();
          }
        }
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // Another process has just let go of it (the second: in the midst of making the folder).
        if (tries == TRIES) {
          throw IoErrors.writing(guarded, e);
        }
      } catch (IOException e) {
        throw IoErrors.writing(guarded, e);
      }
    }
  }

  private static RealeraException busy(Path guarded) {
    return new RealeraException(
        Kind.FAILED,
        "another run is writing " + guarded,
        "Wait for it to end, or choose another --out.");
  }

  /**
   * Locks it. Call this once, and close this whatever comes of it.
   *
   * @return false if another process holds the lock
   * @throws NoSuchFileException if another process has deleted the file since it was opened: what
   *     was locked is not what others will find there
   */
  boolean tryLock() throws IOException {
    if (!locked()) {
      return false;
    }
    byte[] word = ("realera " + UUID.randomUUID() + "\n").getBytes(StandardCharsets.US_ASCII);
    AtomicFile.writeFully(channel, ByteBuffer.wrap(word));
    FileChannel found = FileChannel.open(file, READ);
    byName = found; // open as long as this is: see above
    ByteBuffer there = ByteBuffer.allocate(SIZE);
    while (there.hasRemaining() && found.read(there) >= 0) {
      // reads on
    }
    if (!there.flip().equals(ByteBuffer.wrap(word))) {
      throw new NoSuchFileException(file.toString(), null, "deleted while it was being locked");
    }
    return true;
  }

  /** What the system says of a lock that it can't give at all says nothing to a user. */
  private boolean locked() throws IOException {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, false) != null;
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new RealeraException(
          Kind.FAILED,
          "can't lock " + file + ": " + IoErrors.reason(e),
          "Choose a folder on a file system with locks, or have this one mounted with them (Lustre:"
              + " -o flock; NFS: with its lock daemon).",
          e);
    }
  }

  /** Deletes the file; to be called by whoever holds the lock. */
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      try {
        if (byName != null) {
          byName.close();
        }
      } finally {
        OPEN.remove(key);
      }
    }
  }
}
