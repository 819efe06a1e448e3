package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --spm}: SPM's facilitated transport, of commands that draw. */
final class SpmOptions {
  @Option(
      names = "--spm",
      paramLabel = "FILE|DIR",
      description =
          "Draw with SPM's adapters, in each prompt as far as it is near what they erase: the"
              + " spm.safetensors that erase --method spm writes, or its folder. --model is the"
              + " original then.",
      order = 19)
  private @Nullable Path file;

  /** What was given, or null for none. */
  @Nullable Path file() {
    return file;
  }

  /** The folder of an erased model among it, which says what was erased; else another. */
  Path folderOr(Path other) {
    return file != null && Files.isDirectory(file) ? file : other;
  }
}
