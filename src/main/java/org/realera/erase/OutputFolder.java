package org.realera.erase;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.realera.NeedsForce;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.OutputPlace;
import org.realera.files.OutputTransaction;
import org.realera.files.StateFolders;

/**
 * The output folder OUT as an {@link OutputTransaction} that can be resumed. While a run is on,
 * everything it writes stands in OUT's state beside it: the settings, the images and saved steps of
 * a training, and the model being written.
 */
final class OutputFolder implements AutoCloseable {
  private static final String SETTINGS = "settings.json";

  /** Notes that the run was allowed to replace OUT, for whoever resumes it. */
  private static final String FORCED = "force";

  /** What computed the run so far: not part of the settings, for it must not keep anybody. */
  private static final String ENGINES = "engines.json";

  private final Path out;
  private final OutputTransaction output;
  private final boolean force;

  private OutputFolder(Path out, OutputTransaction output, boolean force) {
    this.out = out;
    this.output = output;
    this.force = force;
  }

  /**
   * Checks that OUT may be written, before any work is done, and locks it.
   *
   * @param out the folder to write
   * @param source the model that is read; must not be OUT, nor inside it, nor round it
   * @param force replace an OUT that exists, drop an unfinished run's state
   * @param resume allow both, see {@link #adopt}
   * @param bytes what the output will take
   * @throws RealeraException usage, resources or failed, each naming the folder
   */
  static OutputFolder open(Path out, Path source, boolean force, boolean resume, long bytes) {
    Path target = out.toAbsolutePath().normalize();
    OutputTransaction output =
        OutputTransaction.folder(
            new OutputTransaction.Request(
                target,
                StateFolders.lasting(OutputPlace.of(target)),
                List.of(source),
                bytes,
                force,
                resume,
                state -> new StateFolder(state).isWorthKeeping()));
    return new OutputFolder(target, output, force);
  }

  /** Whether OUT is there already; only with {@code resume} or {@code force}. */
  boolean exists() {
    return output.isTaken();
  }

  Path out() {
    return out;
  }

  /** Where saved steps stand; exists while this is open. */
  Path state() {
    return output.state();
  }

  /**
   * Takes over the state of an earlier run if there is one, else notes the settings of this one.
   *
   * @param settings all that the output's bytes depend on; the form of the output may differ from
   *     the earlier run's
   * @return whether there is a saved step to go on from
   * @throws RealeraException (usage) if the earlier run had other settings; says which; or if OUT
   *     is there and neither run may replace it
   */
  boolean adopt(JsonNode settings) {
    Path file = state().resolve(SETTINGS);
    Path forced = state().resolve(FORCED);
    if (hasCheckpoint() && !Files.exists(file)) {
      throw new NeedsForce(
          Kind.USAGE,
          "the unfinished run in " + state() + " has no " + SETTINGS + " that says what it is of",
          "Put that file back, or start afresh with --force and without --resume.");
    }
    if (hasCheckpoint()) {
      List<String> differences =
          Json.differences(
              RunManifest.settingsOfWork(read(file)), RunManifest.settingsOfWork(settings));
      if (!differences.isEmpty()) {
        throw new NeedsForce(
            Kind.USAGE,
            "the unfinished run in "
                + state()
                + " had other settings: "
                + String.join("; ", differences),
            "Repeat its settings to go on with --resume, or start afresh with --force.");
      }
      if (Files.exists(forced)) {
        output.allowReplacing();
      }
      output.requireReplaceable();
      return true;
    }
    output.empty();
    Json.write(file, settings);
    if (force) {
      Json.write(forced, Json.object());
    }
    return false;
  }

  /**
   * Notes what computes from now on.
   *
   * @param engine as {@link org.realera.checkpoint.Manifest.Compute} has it
   * @return what computed this run before and is not that, in order; empty for a run that begins,
   *     or one that an earlier version began
   */
  List<String> computedBefore(String engine) {
    Path file = state().resolve(ENGINES);
    List<String> all = new ArrayList<>();
    if (Files.exists(file)) {
      read(file).forEach(one -> all.add(one.asText()));
    }
    List<String> others = all.stream().filter(one -> !one.equals(engine)).toList();
    if (!all.contains(engine)) {
      all.add(engine);
      Json.write(file, Json.tree(all));
    }
    return others;
  }

  private static JsonNode read(Path file) {
    try {
      return Json.read(file);
    } catch (RealeraException e) {
      String remedy = "Start afresh, with --force and without --resume.";
      throw new NeedsForce(e.kind(), String.valueOf(e.getMessage()), remedy, e.getCause());
    }
  }

  /** An empty folder to write the model into. */
  Path staging() {
    Path staging = output.staging();
    try {
      return Files.createDirectory(staging);
    } catch (IOException e) {
      throw IoErrors.writing(out, e);
    }
  }

  /**
   * Drops the images of a run that has saved no step yet and would fail again as it is: to go on
   * from them it would need its settings, and it is those that must change.
   *
   * @param e what it failed by
   */
  void forsake(RealeraException e) {
    boolean failsAgain =
        e.kind() == Kind.USAGE || (e.kind() == Kind.FAILED && e.getCause() == null);
    StateFolder state = new StateFolder(state());
    if (failsAgain && !state.hasStep()) {
      state.dropImages();
    }
  }

  /** An error that names OUT where it named what is being written for it. */
  RealeraException named(RealeraException e) {
    return output.named(e);
  }

  /** Puts the complete staging folder in OUT's place and removes the state. */
  void commit() {
    output.commit();
  }

  /** Removes the state, for OUT is complete. */
  void drop() {
    output.drop();
  }

  /** Releases the lock; keeps the state only if there is a saved step in it. */
  @Override
  public void close() {
    output.close();
  }

  /** Whether an interrupted run left something to go on from. */
  boolean hasCheckpoint() {
    return output.hasSaved();
  }
}
