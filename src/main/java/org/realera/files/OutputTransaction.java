package org.realera.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.realera.NeedsForce;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/**
 * An output, a file or a model folder, that appears whole or not at all. {@link #file} and {@link
 * #folder} check that it may be written before any work is done, and lock it; {@link #commit} puts
 * it in its place. Killed at any moment, a process leaves what was there as it was; the next one
 * clears what it left beside it, or goes on from it.
 */
public final class OutputTransaction implements AutoCloseable {
  /**
   * What is to be written, and what may be replaced.
   *
   * @param out as messages shall name it; if it is a link, what it leads to is written
   * @param state the folder beside {@link OutputPlace#of} it that holds all until it is whole
   * @param sources models that are read, folders or files; none may be inside the output or contain
   *     it
   * @param bytes what it will take, at least
   * @param force whether a file, or a model folder, that is there may be replaced, and the work of
   *     an interrupted run dropped
   * @param resume whether both may be there, for {@link #requireReplaceable} is to be asked later
   * @param worthKeeping whether there is something in the state that an interrupted run can be gone
   *     on with from
   */
  public record Request(
      Path out,
      Path state,
      List<Path> sources,
      long bytes,
      boolean force,
      boolean resume,
      Predicate<Path> worthKeeping) {}

  private final Request request;
  private final boolean folder;
  private final List<Path> madeFolders;
  private final StagedOutput staged;
  private boolean force;
  private boolean committed;

  private OutputTransaction(
      Request request, boolean folder, List<Path> madeFolders, StagedOutput staged) {
    this.request = request;
    this.folder = folder;
    this.madeFolders = madeFolders;
    this.staged = staged;
    this.force = request.force();
  }

  /**
   * Begins to write a file.
   *
   * @throws RealeraException usage, resources or failed, each naming the output
   */
  public static OutputTransaction file(Request request) {
    return open(request, false);
  }

  /**
   * Begins to write a model folder. An empty folder in its place is as good as none; of all others
   * only a model is ever replaced, and none that holds runs, images drawn here or other models.
   *
   * @throws RealeraException usage, resources or failed, each naming the output
   */
  public static OutputTransaction folder(Request request) {
    return open(request, true);
  }

  private static OutputTransaction open(Request request, boolean folder) {
    OutputChecks.apart(request.out(), request.sources());
    check(request, folder);
    List<Path> made = new ArrayList<>();
    try {
      Path above = parent(request.out());
      makeFolders(above, made);
      DiskSpace.require(above, request.bytes());
      StagedOutput staged = StagedOutput.open(request.out(), request.state());
      OutputTransaction output = new OutputTransaction(request, folder, made, staged);
      try {
        output.checkState();
        return output;
      } catch (RuntimeException e) {
        output.close();
        throw e;
      }
    } catch (RuntimeException e) {
      removeEmpty(made);
      throw e;
    }
  }

  private static void check(Request request, boolean folder) {
    if (folder) {
      OutputChecks.folder(request.out(), request.force(), request.resume(), request.sources());
    } else {
      OutputChecks.file(request.out(), request.force() || request.resume());
    }
  }

  private void checkState() {
    if (request.resume()) {
      return;
    }
    check(request, folder); // what a killed replacement had moved away is back now
    if (hasSaved() && !force) {
      throw new NeedsForce(
          Kind.USAGE,
          "an unfinished run for " + request.out() + " stands in " + request.state(),
          "Go on with --resume, or start afresh with --force.");
    }
    staged.empty();
  }

  /** Whether something is there that would be replaced; an empty folder is not. */
  public boolean isTaken() {
    return OutputChecks.isTaken(request.out());
  }

  /** The folder beside the output; exists while this is open. */
  public Path state() {
    return request.state();
  }

  /** Whether an interrupted run left something to go on from. */
  public boolean hasSaved() {
    return request.worthKeeping().test(request.state());
  }

  /** Removes all that is in the state. */
  public void empty() {
    staged.empty();
  }

  /** Lets the output be replaced after all, for the run that is gone on with was let. */
  public void allowReplacing() {
    force = true;
  }

  /**
   * Checks once more what is in the output's place.
   *
   * @throws RealeraException (usage) if something is there that may not be replaced
   */
  public void requireReplaceable() {
    if (folder) {
      OutputChecks.folder(request.out(), force, false, request.sources());
    } else {
      OutputChecks.file(request.out(), force);
    }
  }

  /** Where the output is to be written; nothing is there. */
  public Path staging() {
    return staged.staging();
  }

  /** An error that names the output where it named what is staged for it. */
  public RealeraException named(RealeraException e) {
    return staged.named(e);
  }

  /**
   * Writes the output and commits it.
   *
   * @param body writes the file or folder given, which is not there yet
   */
  public <T> T write(Function<Path, T> body) {
    try {
      T result = body.apply(staging());
      commit();
      return result;
    } catch (RealeraException e) {
      throw named(e);
    }
  }

  /** Puts what is staged in the output's place, by renames, and removes the state. */
  public void commit() {
    requireReplaceable();
    staged.commit();
    committed = true;
    staged.drop();
  }

  /** Removes the state, for there is nothing to go on with any more. */
  public void drop() {
    staged.drop();
  }

  /**
   * Releases the lock. The state stays only if something worth keeping is in it; the folders made
   * for the output go with it.
   */
  @Override
  public void close() {
    if (staged.isOpen() && !hasSaved() && !staged.isHalfReplaced()) {
      staged.drop();
    }
    staged.close();
    if (!committed) {
      removeEmpty(madeFolders);
    }
  }

  /** Makes a folder and those above it; those made are added to the list, the deepest first. */
  private static void makeFolders(Path folder, List<Path> made) {
    for (Path p = folder;
        p != null && !Files.exists(p, LinkOption.NOFOLLOW_LINKS);
        p = p.getParent()) {
      made.add(p);
    }
    try {
      if (!Files.isDirectory(folder)) { // it may be a link to one
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw IoErrors.writing(folder, e);
    }
  }

  private static Path parent(Path out) {
    Path parent = OutputPlace.of(out).getParent();
    if (parent == null) {
      throw RealeraException.usage("the output is " + out, "Choose another --out.");
    }
    return parent;
  }

  private static void removeEmpty(List<Path> folders) {
    for (Path folder : folders) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        // Something is in it: a state, or what somebody has put there meanwhile.
        return;
      }
    }
  }
}
