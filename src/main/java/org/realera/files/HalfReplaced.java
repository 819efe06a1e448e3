package org.realera.files;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.realera.RealeraException;

/**
 * A model folder whose replacement was killed between its two renames: the old model is moved
 * aside, the new one is not in its place yet. Both are whole, in the state folder beside it.
 *
 * @param output the folder that is not there
 * @param old where the old model is
 * @param fresh where the new one is
 */
public record HalfReplaced(Path output, Path old, Path fresh) {
  /**
   * Looks for what a killed replacement left.
   *
   * @param path a folder, or anything in it
   * @return empty if it is there, or was never replaced
   */
  public static Optional<HalfReplaced> find(Path path) {
    Path begin = OutputPlace.followed(path.toAbsolutePath().normalize());
    for (Path p = begin; p != null; p = p.getParent()) {
      if (Files.exists(p, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      Path output = p;
      for (Path state : StateFolders.of(output)) {
        Path old = state.resolve(StagedOutput.REPLACED);
        if (Files.isDirectory(old)) {
          return Optional.of(new HalfReplaced(output, old, state.resolve(StagedOutput.STAGING)));
        }
      }
    }
    return Optional.empty();
  }

  /** The error for whoever looks for the folder: where both models are, and how to go on. */
  public RealeraException error() {
    String both =
        Files.isDirectory(fresh)
            ? "the old model is " + old + ", the new one " + fresh
            : "the old model is " + old;
    return RealeraException.notFound(
        "%s is not there: its replacement was interrupted; %s".formatted(output, both),
        "Run the same command again: it puts the old model back and writes the new one anew; or"
            + " move the one that you want to %s yourself.".formatted(output));
  }
}
