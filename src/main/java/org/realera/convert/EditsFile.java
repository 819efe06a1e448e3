package org.realera.convert;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Extent;
import org.realera.checkpoint.Manifest;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/**
 * What an erasure changed in the U-Net and nothing else, straight from it: a delta, or LoRA where
 * that says the whole change in fewer numbers.
 */
public final class EditsFile {
  private static final String REMEDY = "Use --to delta, or the whole model, --to diffusers";

  private static final String RESUMED = "; with --resume nothing is trained again.";

  private final Target to;
  private final Checkpoint model;
  private final Manifest manifest;
  private final SortedMap<String, NDArray> edits;

  private EditsFile(Target to, Checkpoint model, Manifest manifest, Map<String, NDArray> edits) {
    this.to = to;
    this.model = model;
    this.manifest = manifest;
    this.edits = new TreeMap<>(edits);
  }

  /**
   * Writes the file.
   *
   * @param to delta, LoRA or kohya
   * @param model that the edits are of
   * @param manifest of the erasure, as far as it is known
   * @param edits full name of a U-Net's tensor to its new values, borrowed
   * @return what is in it, in words
   * @throws RealeraException (usage) if LoRA can't say the change exactly, or only in more numbers
   *     than a delta; resources or failed, naming the file
   */
  public static String write(
      Target to, Checkpoint model, Manifest manifest, Map<String, NDArray> edits, Path file) {
    EditsFile written = new EditsFile(to, model, manifest, edits);
    try (Weights unet = model.openUnet()) {
      return to == Target.DELTA ? written.delta(unet, file) : written.lora(unet, file);
    }
  }

  /**
   * Checks that LoRA may say a change, before it is known.
   *
   * @param method what makes it, for people
   * @param changes names of the tensors that will change
   * @throws RealeraException (usage) if one is no weight of a linear layer or convolution
   */
  public static void requireLora(Checkpoint model, String method, Predicate<String> changes) {
    try (Weights unet = model.openUnet()) {
      unet.tensors()
          .forEach(
              (name, info) -> {
                if (changes.test(name) && !LoraTensors.canFactor(name, info)) {
                  throw RealeraException.usage(
                      "%s trains %s, such as %s %s, which LoRA can't hold"
                          .formatted(method, kind(name), name, info.shapeText()),
                      REMEDY + ".");
                }
              });
    }
  }

  private static String kind(String name) {
    return name.endsWith(".bias")
        ? "biases"
        : "weights that are no linear layer's or convolution's";
  }

  private static void requireFactors(String name, TensorInfo info, String remedy) {
    if (!LoraTensors.canFactor(name, info)) {
      throw RealeraException.usage(
          "%s %s changes, which is no weight of a linear layer or convolution: LoRA can't say that"
              .formatted(name, info.shapeText()),
          remedy);
    }
  }

  private String delta(Weights unet, Path file) {
    List<TensorSource> tensors = new ArrayList<>();
    edits.forEach(
        (name, values) ->
            tensors.add(TensorSource.of(name, unet.stored(name).info().dtype(), values)));
    Map<String, String> metadata = metadata("/delta");
    metadata.put("realera.delta", "U-Net tensors that replace those of the base");
    SafetensorsWriter.write(file, metadata, tensors);
    return tensors.size() + " tensors that replace those of the model";
  }

  private String lora(Weights unet, Path file) {
    List<LowRank> layers = new ArrayList<>();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      int rank = 1;
      long numbers = 0;
      long sides = 0;
      for (Map.Entry<String, NDArray> edit : edits.entrySet()) {
        TensorInfo info = unet.stored(edit.getKey()).info();
        requireFactors(edit.getKey(), info, REMEDY + RESUMED);
        LowRank layer = new LowRank(edit.getValue(), unet.read(edit.getKey(), scope));
        layers.add(layer);
        // The new values are not rounded yet: whatever is left of the change is change.
        rank = Math.max(rank, layer.exactRank(DType.F32));
        numbers += info.elements();
        sides += info.shape().get(0) + info.elements() / info.shape().get(0);
      }
      if (rank * sides >= numbers) {
        throw RealeraException.usage(
            "the change has rank " + rank + ": LoRA that holds it is larger than the delta",
            REMEDY
                + RESUMED
                + " `realera model convert --to lora --rank N` makes LoRA that cuts it off.");
      }
      List<TensorSource> tensors = new ArrayList<>();
      int i = 0;
      for (String name : edits.keySet()) {
        LowRank.Factors factors = layers.get(i++).factors(rank, DType.F32);
        tensors.addAll(LoraTensors.of(to, LoraTensors.module(name), factors, rank, DType.F32));
      }
      Map<String, String> metadata = metadata("/lora");
      LoraTensors.note(to, metadata, model, rank, manifest.model().ref());
      SafetensorsWriter.write(file, metadata, tensors);
      return edits.size() + " layers' factors of rank " + rank;
    } finally {
      layers.forEach(LowRank::close);
    }
  }

  private Map<String, String> metadata(String form) {
    String name = manifest.model().ref();
    Map<String, String> metadata = FileMetadata.of(name, model, Optional.of(manifest), form);
    metadata.put("realera.base", FileMetadata.shareable(name));
    for (String part : List.of(Checkpoint.UNET, Extent.PROJECTIONS)) {
      String sha = manifest.model().sha256().get(part);
      if (sha != null) {
        metadata.put("realera.base.sha256." + part, sha);
      }
    }
    return metadata;
  }
}
