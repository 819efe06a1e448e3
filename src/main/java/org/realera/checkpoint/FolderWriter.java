package org.realera.checkpoint;

import ai.djl.ndarray.NDArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.WeightFiles;
import org.realera.safetensors.Weights;

/**
 * Writes a model as a new diffusers folder with one plain file of weights for each component: from
 * a single file, or from a folder in another precision.
 */
public final class FolderWriter {
  /** transformers takes no file of weights that does not say so. */
  private static final Map<String, String> FORMAT = Map.of("format", "pt");

  /** A file of half precision, or (without the second group) the list of several. */
  private static final Pattern FP16 =
      Pattern.compile("(.+)(?:(\\.fp16\\.safetensors)|\\.safetensors\\.index\\.fp16\\.json)");

  private FolderWriter() {}

  /**
   * Writes a model.
   *
   * @param unetEdits as {@link DiffusersWriter#write} takes them
   * @param dtype of all floating tensors; if absent each keeps its own
   * @param target a folder that is empty or not there yet; on failure nothing is left in it
   * @return what was left out: what may be weights in the source folder, which model_index.json
   *     does not list or which the written files replace; of a single file, tensors that are no
   *     part of its model
   * @throws org.realera.RealeraException resources (disk full) or failed, naming the file
   */
  public static List<String> write(
      Checkpoint source, Map<String, NDArray> unetEdits, Optional<DType> dtype, Path target) {
    return write(source, unetEdits, dtype, target, Progress.NONE);
  }

  /** The same, and says how far it is; if it is stopped, nothing is written. */
  public static List<String> write(
      Checkpoint source,
      Map<String, NDArray> unetEdits,
      Optional<DType> dtype,
      Path target,
      Progress progress) {
    return FolderFiles.fill(
        target,
        () -> {
          List<String> leftOut = copyOthers(source, target, progress);
          for (String component : Checkpoint.COMPONENTS) {
            writeComponent(
                source,
                component,
                component.equals(Checkpoint.UNET) ? unetEdits : Map.of(),
                dtype,
                target,
                progress);
          }
          return leftOut;
        });
  }

  /** Texts and images; and all files of what model_index.json lists beside the three. */
  private static List<String> copyOthers(Checkpoint source, Path target, Progress progress) {
    List<String> leftOut = new ArrayList<>(source.beside());
    List<Path> files = FolderFiles.list(source.root());
    Set<Path> rewritten = rewritten(source);
    progress.begin("Copy", files.size());
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      step(progress, i);
      Path relative = source.root().relativize(file);
      String top = relative.getName(0).toString();
      boolean others =
          relative.getNameCount() > 1
              && source.components().contains(top)
              && !Checkpoint.COMPONENTS.contains(top);
      if (!FolderFiles.mayBeWeights(file) || others) {
        OptionalParts.copy(
            source,
            file,
            FolderFiles.withFolder(
                target.resolve(relative.resolveSibling(others ? found(file) : name(file)))));
      } else if (!rewritten.contains(file)) {
        leftOut.add(relative.toString());
      }
    }
    return leftOut;
  }

  /** The name by which from_pretrained finds a file: where only fp16 is there, that of a plain. */
  private static String found(Path file) {
    Matcher fp16 = FP16.matcher(name(file));
    if (!fp16.matches()) {
      return name(file);
    }
    String plain = fp16.group(1) + ".safetensors";
    String index = plain + ".index.json";
    boolean besides =
        Files.exists(file.resolveSibling(plain)) || Files.exists(file.resolveSibling(index));
    return besides ? name(file) : fp16.group(2) == null ? index : plain;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** Files that those which are written take the place of: what was read, and plain ones. */
  private static Set<Path> rewritten(Checkpoint source) {
    Set<Path> rewritten = new HashSet<>();
    for (String component : Checkpoint.COMPONENTS) {
      Path folder = source.root().resolve(component);
      List<WeightFiles> sets = WeightFiles.findAll(folder, Checkpoint.baseName(component));
      for (WeightFiles set : sets) {
        if (set.variant().isEmpty() || sets.size() == 1) {
          rewritten.addAll(set.files());
          set.index().ifPresent(rewritten::add);
        }
      }
    }
    return rewritten;
  }

  private static void writeComponent(
      Checkpoint source,
      String component,
      Map<String, NDArray> edits,
      Optional<DType> dtype,
      Path target,
      Progress progress) {
    Path file =
        FolderFiles.withFolder(
            target.resolve(component).resolve(Checkpoint.baseName(component) + ".safetensors"));
    try (Weights weights = source.openComponent(component)) {
      List<TensorSource> tensors = new ArrayList<>();
      weights
          .tensors()
          .forEach((name, info) -> tensors.add(tensor(weights, info, edits.get(name), dtype)));
      progress.begin("Write " + component, tensors.size());
      SafetensorsWriter.write(file, FORMAT, tensors, done -> step(progress, done));
    }
  }

  private static void step(Progress progress, long done) {
    progress.check("nothing was written");
    progress.step(done);
  }

  private static TensorSource tensor(
      Weights weights, TensorInfo info, @Nullable NDArray edit, Optional<DType> dtype) {
    if (edit != null) {
      return TensorSource.of(info.name(), dtype.orElse(info.dtype()), edit);
    }
    TensorSource.Stored stored = weights.stored(info.name());
    return dtype.isPresent() ? stored.as(dtype.get()) : stored;
  }
}
