package org.realera.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.WeightFiles;
import org.realera.safetensors.Weights;

/**
 * Writes a model as a copy of the folder it came from, with some of the U-Net's tensors replaced.
 *
 * <p>Everything {@code from_pretrained} loads is kept to the byte, links resolved into files (but
 * see {@link OptionalParts}). Left out is what may still hold the unedited U-Net: all but texts and
 * images in {@code unet/}, beside model_index.json, and in folders that it does not list.
 */
public final class DiffusersWriter {
  private final Checkpoint source;
  private final Map<String, NDArray> edits;
  private final Path target;

  private DiffusersWriter(Checkpoint source, Map<String, NDArray> edits, Path target) {
    this.source = source;
    this.edits = edits;
    this.target = target;
  }

  /**
   * Writes a model.
   *
   * @param unetEdits full name of any tensor to its new values, of the old shape, any floating
   *     type; rounded to nearest even into the file's dtype. Applied to the plain files and to
   *     their fp16 variant, whichever are there
   * @param target a folder that is empty or not there yet; on failure nothing is left in it
   * @return files (of a single file: tensors) that were left out, relative to the source
   * @throws RealeraException resources (disk full) or failed, naming the file
   */
  public static List<String> write(Checkpoint source, Map<String, NDArray> unetEdits, Path target) {
    return new DiffusersWriter(source, new TreeMap<>(unetEdits), target).write();
  }

  private List<String> write() {
    requireFinite(edits);
    requireShapes();
    if (source.isSingleFile()) {
      return FolderWriter.write(source, edits, Optional.empty(), target);
    }
    List<Path> files = FolderFiles.list(source.root());
    return FolderFiles.fill(target, () -> writeAll(files));
  }

  private List<String> writeAll(List<Path> files) {
    Set<Path> rewritten = new HashSet<>();
    Set<Path> kept = new HashSet<>();
    Path unet = source.root().resolve(Checkpoint.UNET);
    for (WeightFiles set : WeightFiles.findAll(unet, Checkpoint.baseName(Checkpoint.UNET))) {
      rewritten.addAll(set.files());
      set.index().ifPresent(kept::add);
      requireAllEditsIn(set);
    }
    List<String> leftOut = new ArrayList<>();
    for (Path file : files) {
      Path relative = source.root().relativize(file);
      if (rewritten.contains(file)) {
        rewrite(file, FolderFiles.withFolder(target.resolve(relative.toString())));
      } else if (kept.contains(file) || !holdsOtherWeights(relative)) {
        OptionalParts.copy(
            source, file, FolderFiles.withFolder(target.resolve(relative.toString())));
      } else {
        leftOut.add(relative.toString());
      }
    }
    return leftOut;
  }

  private void requireShapes() {
    try (Weights unet = source.openUnet()) {
      edits.forEach(
          (name, values) -> {
            TensorInfo info = unet.tensors().get(name);
            if (info == null && source.isSingleFile()) {
              throw noTensor(unet.source(), name);
            }
            if (info != null && !new Shape(info.shape()).equals(values.getShape())) {
              throw new IllegalArgumentException(
                  "new values of %s are %s".formatted(info, values.getShape()));
            }
          });
    }
  }

  private void requireAllEditsIn(WeightFiles set) {
    Set<String> names = new HashSet<>();
    for (Path path : set.files()) {
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        names.addAll(file.tensors().keySet());
      }
    }
    for (String name : edits.keySet()) {
      if (!names.contains(name)) {
        throw noTensor(set.files().get(0).toString(), name);
      }
    }
  }

  private static RealeraException noTensor(String where, String name) {
    return RealeraException.damaged(
        "%s: it has no tensor %s to replace".formatted(where, name),
        "Use weights whose variants have the same tensors.");
  }

  /** Whether these may be weights that we neither rewrite nor know to be another component's. */
  private boolean holdsOtherWeights(Path relative) {
    if (!FolderFiles.mayBeWeights(relative)) {
      return false;
    }
    String top = relative.getName(0).toString();
    return relative.getNameCount() == 1
        || top.equals(Checkpoint.UNET)
        || !source.components().contains(top);
  }

  private void rewrite(Path from, Path to) {
    try (SafetensorsFile file = SafetensorsFile.open(from)) {
      Map<String, TensorSource> replaced = new HashMap<>();
      edits.forEach(
          (name, values) -> {
            TensorInfo info = file.tensors().get(name);
            if (info != null) {
              replaced.put(name, TensorSource.of(name, info.dtype(), values));
            }
          });
      SafetensorsWriter.rewrite(file, replaced, to);
    }
  }

  /**
   * Checks new values.
   *
   * @throws RealeraException (failed) if one is NaN or infinite; names the tensor
   */
  public static void requireFinite(Map<String, NDArray> edits) {
    edits.forEach(DiffusersWriter::requireFinite);
  }

  private static void requireFinite(String name, NDArray values) {
    try (NDArray bad = values.isInfinite().logicalOr(values.isNaN()).any()) {
      if (bad.getBoolean()) {
        throw new RealeraException(
            RealeraException.Kind.FAILED,
            "the new values of %s hold NaN or infinity; nothing was written".formatted(name),
            "Use --dtype fp32, or a lower learning rate.");
      }
    }
  }
}
