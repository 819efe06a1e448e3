package org.realera.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * An output, a file or a folder, as a transaction. All that is written before it is whole stands in
 * a state folder beside it, under a lock that goes with its process; the output appears by one
 * rename. The state's name follows from the output's: whoever writes the same output next finds
 * what a killed process left, and clears it or, if it was killed between the two renames of a
 * replacement, puts the old output back.
 */
final class StagedOutput implements AutoCloseable {
  static final String STAGING = "output";
  static final String REPLACED = "replaced";
  private static final String LOCK = "lock";

  private final Path shown;
  private final Path out;
  private final Path state;
  private @Nullable LockFile lock;

  private StagedOutput(Path out, Path state) {
    this.shown = out;
    this.out = OutputPlace.of(out);
    this.state = state;
  }

  /**
   * Locks an output.
   *
   * @param out as messages shall name it; the folder that it shall stand in exists. Of a link, what
   *     it leads to is written
   * @param state beside it; made if it is not there
   * @throws RealeraException (failed) while another process writes it, or if nothing can be
   *     written; (usage) if the state is a folder of somebody else's
   */
  static StagedOutput open(Path out, Path state) {
    StagedOutput staged = new StagedOutput(out, state);
    staged.lock =
        LockFile.acquire(
            state.resolve(LOCK),
            out,
            () -> {
              Files.createDirectories(state);
              staged.requireOwn();
            });
    try {
      staged.undoHalfReplacement();
      return staged;
    } catch (RuntimeException e) {
      staged.close();
      throw e;
    }
  }

  /** What is in the state will be removed: it must be a state, whose lock is there all its life. */
  private void requireOwn() throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(state)) {
      files = list.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    boolean own = files.isEmpty();
    Path file = state.resolve(LOCK);
    if (files.contains(file)) {
      // Its size has to do: a process that reads its lock file loses the lock.
      BasicFileAttributes lockFile = Files.readAttributes(file, BasicFileAttributes.class);
      boolean locked = lockFile.size() == LockFile.SIZE;
      boolean justMade = lockFile.size() == 0 && files.size() == 1;
      own = lockFile.isRegularFile() && (locked || justMade);
    }
    if (!own) {
      throw RealeraException.usage(
          "the folder " + state + " is in the way: it is no unfinished run's, and would be emptied",
          "Move it away, or choose another --out.");
    }
  }

  /** Whether this holds the lock, and the state may be changed. */
  boolean isOpen() {
    return lock != null;
  }

  /** Where the output is to be written; whatever was there goes. Nothing is there after that. */
  Path staging() {
    Path staging = state.resolve(STAGING);
    try {
      FileTree.delete(staging);
      return staging;
    } catch (IOException e) {
      throw IoErrors.writing(shown, e);
    }
  }

  /**
   * Puts what was staged in the output's place, and what is there out of it. All of it is on the
   * disk before it is renamed: after a power cut too, there is a whole output or none.
   */
  void commit() {
    Path replaced = state.resolve(REPLACED);
    try {
      FileTree.sync(state.resolve(STAGING));
      if (Files.isDirectory(out)) {
        Files.move(out, replaced, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.syncFolder(state); // else the old one might be in neither folder
      }
      Files.move(state.resolve(STAGING), out, StandardCopyOption.ATOMIC_MOVE);
      AtomicFile.syncFolder(out.getParent());
    } catch (IOException e) {
      RealeraException error = IoErrors.writing(shown, e);
      try {
        undoHalfReplacement();
      } catch (RealeraException undoing) {
        error.addSuppressed(undoing);
      }
      throw error;
    }
  }

  /**
   * An error that names the output where it named what is staged for it: that is what users know.
   */
  RealeraException named(RealeraException e) {
    String message = String.valueOf(e.getMessage());
    String staged = state.resolve(STAGING).toString();
    return message.contains(staged)
        ? e.saying(message.replace(staged, shown.toString()), e.getCause())
        : e;
  }

  /** Whether an old output is in the state, and nothing in its place. */
  boolean isHalfReplaced() {
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
  void empty() {
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.filter(f -> !f.endsWith(LOCK)).toList()) {
        FileTree.delete(file);
      }
    } catch (IOException e) {
      throw IoErrors.writing(state, e);
    }
  }

  /**
   * Removes the state; this is closed after that. What can't be removed stays a state: the next run
   * clears it.
   */
  void drop() {
    if (lock == null) {
      return;
    }
    try {
      empty();
      // Last, and under the lock: whoever waits for it finds that its file is gone, and tries anew.
      lock.delete();
    } catch (RealeraException | IOException e) {
      // See above.
    }
    close(); // some systems remove no folder while a file of it is open
    try {
      Files.deleteIfExists(state);
    } catch (IOException e) {
      // See above; or it is the next run's by now.
    }
  }

  /** Releases the lock; the state stays. */
  @Override
  public void close() {
    try {
      if (lock != null) {
        lock.close();
        lock = null;
      }
    } catch (IOException e) {
      throw IoErrors.writing(shown, e);
    }
  }
}
