package org.realera.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.realera.Progress;
import org.realera.files.Environment;
import org.realera.safetensors.DType;

/** Opens models in one file to tests of damaged files. */
public final class SingleFiles {
  private SingleFiles() {}

  /** Writes the miniature of Stable Diffusion as one file. */
  public static void write(Path file) {
    write(Checkpoint.open(TinyModel.folder()), Optional.empty(), Map.of("format", "pt"), file);
  }

  /** Writes a model as one file; returns what was left out. */
  public static List<String> write(
      Checkpoint source, Optional<DType> dtype, Map<String, String> metadata, Path target) {
    return SingleFileWriter.write(source, dtype, metadata, target, Progress.NONE);
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
