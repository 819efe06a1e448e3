package org.realera.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.realera.Progress;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.FolderWriter;
import org.realera.checkpoint.SingleFileWriter;
import org.realera.files.FileTree;
import org.realera.files.OutputTransaction;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;

/** Writes a model in another form: {@link #run} is the place to start reading. */
public final class Conversion {
  private Conversion() {}

  /**
   * Converts a model. The output is there whole or not at all.
   *
   * @throws org.realera.RealeraException for whatever the user can mend
   */
  public static ConvertResult run(ConvertRequest request, Progress progress) {
    Checkpoint model = Checkpoint.open(request.model().path(), request.prediction());
    model.verify();
    model.verifyFinite();
    return switch (request.to()) {
      case SINGLE_FILE -> singleFile(request, model, progress);
      case DIFFUSERS -> diffusers(request, model, progress);
      case DELTA, LORA, KOHYA -> new Sharing(request, model, progress).write();
    };
  }

  private static ConvertResult singleFile(
      ConvertRequest request, Checkpoint model, Progress progress) {
    Path file = request.file();
    long bytes = weightBytes(model, request.dtype());
    try (OutputTransaction output =
        OutputTransaction.file(request.output(file, List.of(model.location()), bytes))) {
      Map<String, String> metadata = FileMetadata.of(request.model(), model, "");
      List<String> leftOut =
          output.write(
              staged -> SingleFileWriter.write(model, request.dtype(), metadata, staged, progress));
      List<String> notes = new ArrayList<>(notes(model, leftOut));
      notes.addAll(OtherPrograms.notes(model));
      return result(file, tensors(file), List.copyOf(notes));
    }
  }

  private static ConvertResult diffusers(
      ConvertRequest request, Checkpoint model, Progress progress) {
    long bytes = weightBytes(model, request.dtype());
    List<String> leftOut;
    try (OutputTransaction output =
        OutputTransaction.folder(request.output(request.out(), List.of(model.location()), bytes))) {
      leftOut =
          output.write(
              folder -> FolderWriter.write(model, Map.of(), request.dtype(), folder, progress));
    }
    int tensors = 0;
    Checkpoint written = Checkpoint.open(request.out());
    for (String component : Checkpoint.COMPONENTS) {
      try (Weights weights = written.openComponent(component)) {
        tensors += weights.tensors().size();
      }
    }
    return result(request.out(), tensors, notes(model, leftOut));
  }

  /** What the weights take on disk in another dtype, or each in its own. Reads headers only. */
  static long weightBytes(Checkpoint model, Optional<DType> dtype) {
    long sum = 0;
    for (String component : Checkpoint.COMPONENTS) {
      try (Weights weights = model.openComponent(component)) {
        for (TensorInfo tensor : weights.tensors().values()) {
          DType written =
              tensor.dtype().isFloating() ? dtype.orElse(tensor.dtype()) : tensor.dtype();
          sum += tensor.elements() * written.bytes();
        }
      }
    }
    return sum;
  }

  /** What was guessed is written as if it were known, so it is told. */
  private static List<String> notes(Checkpoint model, List<String> leftOut) {
    List<String> notes = new ArrayList<>();
    model.doubtfulPrediction().ifPresent(notes::add);
    if (!leftOut.isEmpty()) {
      notes.add("left out: " + String.join(", ", leftOut));
    }
    return List.copyOf(notes);
  }

  private static ConvertResult result(Path out, int tensors, List<String> notes) {
    return new ConvertResult(out, FileTree.size(out), tensors, List.of(), notes);
  }

  private static int tensors(Path file) {
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      return written.tensors().size();
    }
  }
}
