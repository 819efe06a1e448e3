package org.realera.checkpoint;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.realera.files.Environment;

/** Opens models in one file to tests of damaged files. */
public final class SingleFiles {
  private SingleFiles() {}

  /** Writes the miniature of Stable Diffusion as one file. */
  public static void write(Path file) {
    SingleFileWriter.write(
        Checkpoint.open(TinyModel.folder()), Optional.empty(), Map.of("format", "pt"), file);
  }

  /**
   * Opens a file.
   *
   * @param cache where its configurations go
   */
  public static Checkpoint open(Path file, Path cache) {
    return Checkpoint.open(file, new Environment(Map.of("REALERA_CACHE", cache.toString())));
  }
}
