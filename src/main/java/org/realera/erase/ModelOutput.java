package org.realera.erase;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.realera.Progress;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.DiffusersWriter;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.SingleFileWriter;
import org.realera.config.MethodName;
import org.realera.convert.Conversion;
import org.realera.convert.ConvertRequest;
import org.realera.convert.EditsFile;
import org.realera.convert.Target;
import org.realera.diffusion.SpmFile;
import org.realera.files.FileTree;
import org.realera.safetensors.SafetensorsFile;

/** The weights that an erasure writes, in the form that the request wants. */
final class ModelOutput {
  private final EraseRequest request;
  private final Checkpoint model;

  ModelOutput(EraseRequest request, Checkpoint model) {
    this.request = request;
    this.model = model;
  }

  /**
   * Checks, before anything is computed, that the model can be written in the form that is asked
   * for.
   *
   * @throws org.realera.RealeraException (damaged) naming a file that a single file can't carry
   */
  static void requireCarried(EraseRequest request, Checkpoint model) {
    if (request.to() == Target.SINGLE_FILE) {
      SingleFileWriter.requireSmallFiles(model);
    }
  }

  /** What it takes on disk; of what holds changes alone that is not known before. */
  long bytes() {
    return switch (request.to()) {
      case DIFFUSERS -> ModelFiles.outputBytes(model.location());
      case SINGLE_FILE -> 2 * ModelFiles.outputBytes(model.location()); // by way of a folder
      case DELTA, LORA, KOHYA -> ModelFiles.MARGIN;
    };
  }

  /**
   * What came of writing.
   *
   * @param summary in words
   * @param leftOut files of the source that have no place in it
   */
  record Written(String summary, List<String> leftOut) {}

  /**
   * Writes it.
   *
   * @param edits full name of a U-Net's tensor to its new values
   * @param manifest as far as it is known
   * @param folder an empty folder
   */
  Written write(Map<String, NDArray> edits, RunManifest manifest, Path folder) {
    Path file = request.file(folder);
    return switch (request.to()) {
      case DIFFUSERS -> whole(edits, folder);
      case SINGLE_FILE -> {
        Path whole = folder.resolve("whole");
        Written written = whole(edits, whole);
        manifest.write(whole);
        Conversion.run(
            new ConvertRequest(
                new ModelRef(request.model().name(), whole),
                Target.SINGLE_FILE,
                file,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                false),
            Progress.NONE);
        List<String> leftOut = new ArrayList<>(written.leftOut());
        leftOut.addAll(SingleFileWriter.leftOut(Checkpoint.open(whole)));
        FileTree.deleteQuietly(whole);
        yield new Written(written.summary(), leftOut);
      }
      case DELTA, LORA, KOHYA -> {
        DiffusersWriter.requireFinite(edits);
        yield new Written(
            EditsFile.write(request.to(), model, manifest.soFar(), edits, file), List.of());
      }
    };
  }

  private Written whole(Map<String, NDArray> edits, Path folder) {
    List<String> leftOut = DiffusersWriter.write(model, edits, folder);
    EditedCard.write(
        folder, request.model().name(), request.recipe().method(), request.recipe().concepts());
    return new Written(edits.size() + " tensors replaced, all others byte for byte", leftOut);
  }

  /**
   * Checks that what was written is still there.
   *
   * @throws org.realera.RealeraException (not found, damaged) if it is not
   */
  static void verify(EraseRequest request, Path out) {
    if (request.recipe().method() == MethodName.SPM) {
      SafetensorsFile.open(out.resolve(SpmFile.NAME)).close();
    }
    switch (request.to()) {
      case DIFFUSERS -> Checkpoint.open(out).verify();
      case SINGLE_FILE -> Checkpoint.open(request.file(out)).verify();
      case DELTA, LORA, KOHYA -> SafetensorsFile.open(request.file(out)).close();
    }
  }
}
