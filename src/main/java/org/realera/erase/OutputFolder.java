package org.realera.erase;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.RealeraException;
import org.realera.files.DiskSpace;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.StagedOutput;

/**
 * The output folder OUT as a {@link StagedOutput}. While a run is on, everything it writes stands
 * in {@code OUT.state} beside it: the settings, the alignment's saved steps, and the model being
 * written. OUT itself appears by one rename of a complete folder; killed at any moment, a run
 * leaves OUT as it was.
 */
final class OutputFolder implements AutoCloseable {
  /** The file that holds a saved step; its presence is what makes a state worth keeping. */
  static final String CHECKPOINT = "alignment.safetensors";

  private static final String SETTINGS = "settings.json";

  /** Notes that the run was allowed to replace OUT, for whoever resumes it. */
  private static final String FORCED = "force";

  private final Path out;
  private final Path state;
  private final StagedOutput staged;
  private boolean force;

  private OutputFolder(Path out, Path state, StagedOutput staged, boolean force) {
    this.out = out;
    this.state = state;
    this.staged = staged;
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
    Path target = out.toAbsolutePath().normalize();
    OutputChecks.apart(target, source);
    OutputChecks.replaceable(target, force, resume);
    prepareParent(target, bytes);
    Path state = target.resolveSibling(target.getFileName() + ".state");
    StagedOutput staged = StagedOutput.open(target, state);
    OutputFolder folder = new OutputFolder(target, state, staged, force);
    try {
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
   * @throws RealeraException (usage) if the earlier run had other settings; says which; or if OUT
   *     is there and neither run may replace it
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
      requireReplaceable();
      return true;
    }
    staged.empty();
    Json.write(file, settings);
    if (force) {
      Json.write(state.resolve(FORCED), Json.object());
    }
    return false;
  }

  /** An empty folder to write the model into. */
  Path staging() {
    Path staging = staged.staging();
    try {
      return Files.createDirectory(staging);
    } catch (IOException e) {
      throw IoErrors.writing(out, e);
    }
  }

  /** An error that names OUT where it named what is being written for it. */
  RealeraException named(RealeraException e) {
    return staged.named(e);
  }

  /** Puts the complete staging folder in OUT's place and removes the state. */
  void commit() {
    requireReplaceable();
    staged.commit();
    staged.drop();
  }

  /** Removes the state, for OUT is complete. */
  void drop() {
    staged.drop();
  }

  private void requireReplaceable() {
    if (Files.exists(out) && !force) {
      throw OutputChecks.exists(out);
    }
  }

  /** Releases the lock; keeps the state only if there is a saved step in it. */
  @Override
  public void close() {
    if (staged.isOpen() && !hasCheckpoint() && !staged.isHalfReplaced()) {
      staged.drop();
    }
    staged.close();
  }

  /** Whether an interrupted run left something to go on from. */
  boolean hasCheckpoint() {
    return Files.exists(state.resolve(CHECKPOINT));
  }

  private static void prepareParent(Path out, long bytes) {
    Path parent = out.getParent();
    if (parent == null) {
      throw RealeraException.usage("the output folder is " + out, "choose another --out");
    }
    try {
      Files.createDirectories(parent);
    } catch (IOException e) {
      throw IoErrors.writing(parent, e);
    }
    DiskSpace.require(parent, bytes);
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
    staged.empty();
  }
}
