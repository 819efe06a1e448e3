package org.realera.tensor;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/**
 * An output, a file or a folder, as a transaction. All that is written before it is whole stands in
 * a state folder beside it, under a lock that goes with its process; the output appears by one
 * rename. The state's name follows from the output's: whoever writes the same output next finds
 * what a killed process left, and clears it or, if it was killed between the two renames of a
 * replacement, puts the old output back.
 */
public final class StagedOutput implements AutoCloseable {
  private static final String STAGING = "output";
  private static final String REPLACED = "replaced";
  private static final String LOCK = "lock";

  private final Path shown;
  private final Path out;
  private final Path state;
  private @Nullable FileChannel lockChannel;

  private StagedOutput(Path out, Path state) {
    this.shown = out;
    this.out = out.toAbsolutePath().normalize();
    this.state = state;
  }

  /**
   * Locks an output.
   *
   * @param out as messages shall name it; the folder that it shall stand in exists
   * @param state beside it; made if it is not there
   * @throws RealeraException (failed) while another process writes it, or if nothing can be written
   */
  public static StagedOutput open(Path out, Path state) {
    StagedOutput staged = new StagedOutput(out, state);
    staged.lock();
    try {
      staged.undoHalfReplacement();
      return staged;
    } catch (RuntimeException e) {
      staged.close();
      throw e;
    }
  }

  private void lock() {
    try {
      Files.createDirectories(state);
      FileChannel channel = FileChannel.open(state.resolve(LOCK), CREATE, WRITE);
      @Nullable FileLock held;
      try {
        held = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        held = null;
      }
      if (held == null) {
        channel.close();
        throw new RealeraException(
            Kind.FAILED,
            "another run is writing " + shown,
            "wait for it to end, or choose another --out");
      }
      lockChannel = channel;
    } catch (IOException e) {
      throw IoErrors.writing(shown, e);
    }
  }

  /** Whether this holds the lock, and the state may be changed. */
  public boolean isOpen() {
    return lockChannel != null;
  }

  /** Where the output is to be written; whatever was there goes. Nothing is there after that. */
  public Path staging() {
    Path staging = state.resolve(STAGING);
    try {
      FileTree.delete(staging);
      return staging;
    } catch (IOException e) {
      throw IoErrors.writing(shown, e);
    }
  }

  /** Puts what was staged in the output's place, and what is there out of it. */
  public void commit() {
    Path replaced = state.resolve(REPLACED);
    try {
      if (Files.isDirectory(out)) {
        Files.move(out, replaced, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(state.resolve(STAGING), out, StandardCopyOption.ATOMIC_MOVE);
      AtomicFile.syncFolder(out);
    } catch (IOException e) {
      undoHalfReplacement();
      throw IoErrors.writing(shown, e);
    }
  }

  /**
   * An error that names the output where it named what is staged for it: that is what users know.
   */
  public RealeraException named(RealeraException e) {
    String message = String.valueOf(e.getMessage());
    String staged = state.resolve(STAGING).toString();
    return message.contains(staged)
        ? new RealeraException(
            e.kind(), message.replace(staged, shown.toString()), e.remedy(), e.getCause())
        : e;
  }

  /** Whether an old output is in the state, and nothing in its place. */
  public boolean isHalfReplaced() {
    return Files.exists(state.resolve(REPLACED)) && !Files.exists(out);
  }

  private void undoHalfReplacement() {
    Path replaced = state.resolve(REPLACED);
    try {
      if (Files.exists(replaced)) {
        if (Files.exists(out)) {
          FileTree.delete(replaced);
        } else {
          Files.move(replaced, out, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    } catch (IOException e) {
      throw IoErrors.writing(shown, e);
    }
  }

  /** Removes everything from the state but the lock. */
  public void empty() {
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.filter(f -> !f.endsWith(LOCK)).toList()) {
        FileTree.delete(file);
      }
    } catch (IOException e) {
      throw IoErrors.writing(state, e);
    }
  }

  /** Removes the state; this is closed after that. What can't be removed, the next run clears. */
  public void drop() {
    close(); // some systems do not delete a file that is open
    FileTree.deleteQuietly(state);
  }

  /** Releases the lock; the state stays. */
  @Override
  public void close() {
    try {
      if (lockChannel != null) {
        lockChannel.close();
        lockChannel = null;
      }
    } catch (IOException e) {
      throw IoErrors.writing(shown, e);
    }
  }
}
