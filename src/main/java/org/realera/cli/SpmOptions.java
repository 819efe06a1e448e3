package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.campaign.ErasedModel;
import org.realera.config.MethodName;
import org.realera.diffusion.SpmFile;
import org.realera.eval.suite.Suite;
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

  /**
   * What was erased, as far as the command line does not say. Of adapters it stands in the
   * realera.json of the folder that they were written to, and else in their file, whose first
   * concept counts that the suite knows; without adapters the model says it.
   *
   * @param model that is drawn with
   * @throws org.realera.RealeraException (damaged) if what should say it can't be read
   */
  ErasedModel erased(Path model, Suite suite, @Nullable String concept, @Nullable String anchor) {
    if (file == null) {
      return ErasedModel.of(model, suite, concept, anchor);
    }
    Path folder = folder(file);
    if (folder != null) {
      return ErasedModel.of(folder, suite, concept, anchor);
    }
    String named = concept == null && Files.exists(file) ? known(file, suite) : null;
    return new ErasedModel(named == null ? concept : named, anchor, named != null);
  }

  /**
   * What is odd if {@link #erased} finds no concept that the suite has.
   *
   * @param reference what the model was given as
   * @return as {@link ErasedModel#unmeasured}
   */
  Optional<String> unmeasured(String reference, Path model, Suite suite) {
    Path folder = file == null ? model : folder(file);
    if (folder != null) {
      String given = file == null ? reference : file.toString();
      return ErasedModel.unmeasured("realera.json of " + given, ErasedModel.named(folder), suite);
    }
    return file != null && Files.exists(file)
        ? ErasedModel.unmeasured(file.toString(), SpmFile.concepts(file), suite)
        : Optional.empty();
  }

  /** The folder that spm wrote; null for a file that lies elsewhere. */
  private static @Nullable Path folder(Path given) {
    if (Files.isDirectory(given)) {
      return given;
    }
    Path around = given.toAbsolutePath().getParent();
    boolean written =
        around != null && given.endsWith(SpmFile.NAME) && ErasedModel.isBy(MethodName.SPM, around);
    return written ? around : null;
  }

  private static @Nullable String known(Path file, Suite suite) {
    return SpmFile.concepts(file).stream()
        .flatMap(named -> suite.named(named).stream())
        .findFirst()
        .orElse(null);
  }
}
