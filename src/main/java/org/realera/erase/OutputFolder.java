package org.realera.erase;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.tensor.FileTree;
import org.realera.tensor.IoErrors;

/**
 * The output folder OUT as a transaction. While a run is on, everything it writes stands in {@code
 * OUT.state} beside it: the settings, the alignment's saved steps, and the model being written. OUT
 * itself appears by one rename of a complete folder; killed at any moment, a run leaves OUT as it
 * was.
 */
final class OutputFolder implements AutoCloseable {
  /** The file that holds a saved step; its presence is what makes a state worth keeping. */
  static final String CHECKPOINT = "alignment.safetensors";

  private static final String SETTINGS = "settings.json";
  private static final String STAGING = "output";
  private static final String REPLACED = "replaced";
  private static final String LOCK = "lock";

  /** Notes that the run was allowed to replace OUT, for whoever resumes it. */
  private static final String FORCED = "force";

  private final Path out;
  private final Path state;
  private boolean force;
  private @Nullable FileChannel lockChannel;

  private OutputFolder(Path out, boolean force) {
    this.out = out;
    this.state = out.resolveSibling(out.getFileName() + ".state");
    this.force = force;
  }

  /**
   * Checks that OUT may be written, before any work is done, and locks it.
   *
   * @param out the folder to write
   * @param source the model folder that is read; must not be OUT, nor inside it, nor round it
   * @param force replace an OUT that exists, drop an unfinished run's state
   * @param resume allow both, see {@link #adopt}
   * @param bytes what the output will take
   * @throws RealeraException usage, resources or failed, each naming the folder
   */
  static OutputFolder open(Path out, Path source, boolean force, boolean resume, long bytes) {
    OutputFolder folder = new OutputFolder(out.toAbsolutePath().normalize(), force);
    OutputChecks.apart(folder.out, source);
    OutputChecks.replaceable(folder.out, force, resume);
    folder.prepareParent(bytes);
    folder.lock();
    try {
      folder.undoHalfReplacement();
      folder.checkState(resume);
      return folder;
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Whether OUT is there already; only with {@code resume} or {@code force}. */
  boolean exists() {
    return Files.exists(out);
  }

  Path out() {
    return out;
  }

  /** Where saved steps stand; exists while this is open. */
  Path state() {
    return state;
  }

  /**
   * Takes over the state of an earlier run if there is one, else notes the settings of this one.
   *
   * @param settings all that the output's bytes depend on
   * @return whether there is a saved step to go on from
   * @throws RealeraException (usage) if the earlier run had other settings; says which
   */
  boolean adopt(JsonNode settings) {
    Path file = state.resolve(SETTINGS);
    if (hasCheckpoint() && Files.exists(file)) {
      List<String> differences = Json.differences(Json.read(file), settings);
      if (!differences.isEmpty()) {
        throw RealeraException.usage(
            "the unfinished run in "
                + state
                + " had other settings: "
                + String.join("; ", differences),
            "repeat its settings to go on with --resume, or start afresh with --force");
      }
      force |= Files.exists(state.resolve(FORCED));
      return true;
    }
    emptyState();
    Json.write(file, settings);
    if (force) {
      Json.write(state.resolve(FORCED), Json.object());
    }
    return false;
  }

  /** An empty folder to write the model into. */
  Path staging() {
    Path staging = state.resolve(STAGING);
    try {
      FileTree.delete(staging);
      return Files.createDirectory(staging);
    } catch (IOException e) {
      throw IoErrors.writing(staging, e);
    }
  }

  /** Puts the complete staging folder in OUT's place and removes the state. */
  void commit() {
    Path staging = state.resolve(STAGING);
    Path replaced = state.resolve(REPLACED);
    try {
      if (Files.exists(out)) {
        if (!force) {
          throw OutputChecks.exists(out);
        }
        Files.move(out, replaced, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(staging, out, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      undoHalfReplacement();
      throw IoErrors.writing(out, e);
    }
    dropState();
  }

  /** Releases the lock; keeps the state only if there is a saved step in it. */
  @Override
  public void close() {
    if (lockChannel != null && !hasCheckpoint() && !Files.exists(state.resolve(REPLACED))) {
      dropState();
    }
    unlock();
  }

  /** Whether an interrupted run left something to go on from. */
  boolean hasCheckpoint() {
    return Files.exists(state.resolve(CHECKPOINT));
  }

  private void prepareParent(long bytes) {
    Path parent = out.getParent();
    if (parent == null) {
      throw RealeraException.usage("the output folder is " + out, "choose another --out");
    }
    try {
      Files.createDirectories(parent);
      FileStore store = Files.getFileStore(parent);
      OutputChecks.space(parent, bytes, store.getUsableSpace());
      Files.createDirectories(state);
    } catch (IOException e) {
      throw IoErrors.writing(parent, e);
    }
  }

  private void lock() {
    Path file = state.resolve(LOCK);
    try {
      FileChannel channel = FileChannel.open(file, CREATE, WRITE);
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
            "another run is writing " + out,
            "wait for it to end, or choose another --out");
      }
      lockChannel = channel;
    } catch (IOException e) {
      throw IoErrors.writing(file, e);
    }
  }

  private void unlock() {
    try {
      if (lockChannel != null) {
        lockChannel.close();
        lockChannel = null;
      }
    } catch (IOException e) {
      throw IoErrors.writing(state.resolve(LOCK), e);
    }
  }

  /** A run that was killed between the two renames of a replacement: the old OUT comes back. */
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
      throw IoErrors.writing(out, e);
    }
  }

  private void checkState(boolean resume) {
    if (resume) {
      return;
    }
    if (!force && Files.exists(out)) {
      throw OutputChecks.exists(out);
    }
    if (hasCheckpoint() && !force) {
      throw RealeraException.usage(
          "an unfinished run for " + out + " stands in " + state,
          "go on with --resume, or start afresh with --force");
    }
    emptyState();
  }

  /** Removes everything but the lock. */
  private void emptyState() {
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.filter(f -> !f.endsWith(LOCK)).toList()) {
        FileTree.delete(file);
      }
    } catch (IOException e) {
      throw IoErrors.writing(state, e);
    }
  }

  private void dropState() {
    unlock(); // some systems do not delete a file that is open
    try {
      FileTree.delete(state);
    } catch (IOException e) {
      throw IoErrors.writing(state, e);
    }
  }
}
