package org.realera.diffusion;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.Json;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;
import org.realera.tensor.Edits;
import org.realera.tensor.Finite;

/**
 * Reads a {@link SpmFile} and checks it.
 *
 * @param file named in messages
 * @param stored the same, opened; borrowed
 * @param unet the tensors of the model that it is to fit, by name
 */
record SpmReader(Path file, SafetensorsFile stored, Map<String, TensorInfo> unet) {

  List<Membrane> membranes() {
    List<List<String>> concepts = concepts();
    int count = concepts.size();
    List<Membrane> membranes =
        concepts.stream()
            .map(prompts -> new Membrane(prompts, 1, new TreeMap<>(), new TreeMap<>()))
            .toList();
    for (String layer : layers()) {
      String module = module(layer);
      float scale = scale(layer, info(layer + SpmFile.DOWN).shape().get(0), count);
      Membrane.Tensor down = values(layer + SpmFile.DOWN, wanted(module, layer, true), scale);
      Membrane.Tensor up = values(layer + SpmFile.UP, wanted(module, layer, false), 1);
      for (int i = 0; i < count; i++) {
        put(membranes.get(i), module + Edits.LORA_A, Membrane.part(down, 0, i, count));
        put(membranes.get(i), module + Edits.LORA_B, Membrane.part(up, 1, i, count));
      }
    }
    return membranes;
  }

  private static void put(Membrane membrane, String name, Membrane.Tensor tensor) {
    membrane.parameters().put(name, tensor.values());
    membrane.shapes().put(name, tensor.shape());
  }

  /** The erased prompts of each membrane; the authors' files have one membrane. */
  List<List<String>> concepts() {
    String own = stored.metadata().get(SpmFile.CONCEPTS);
    if (own != null) {
      List<List<String>> concepts = Stream.of(names(own)).map(String::strip).map(List::of).toList();
      if (!concepts.isEmpty() && concepts.stream().noneMatch(c -> c.get(0).isEmpty())) {
        return concepts;
      }
      throw damaged(SpmFile.CONCEPTS + " is no list of concepts");
    }
    String prompts = stored.metadata().getOrDefault(SpmFile.PROMPTS, "");
    List<String> erased =
        Stream.of(prompts.split(",", -1)).map(String::strip).filter(p -> !p.isEmpty()).toList();
    if (erased.isEmpty()) {
      throw damaged("its metadata names no erased prompts");
    }
    return List.of(erased);
  }

  private String[] names(String json) {
    String[] names;
    try {
      names = Json.READER.forType(String[].class).readValue(json);
    } catch (JsonProcessingException e) {
      throw damaged(SpmFile.CONCEPTS + " is no list of concepts");
    }
    if (names == null || Stream.of(names).anyMatch(Objects::isNull)) {
      throw damaged(SpmFile.CONCEPTS + " is no list of concepts");
    }
    return names;
  }

  /** Names of layers as they stand in the file. */
  private List<String> layers() {
    List<String> layers = new ArrayList<>();
    for (String name : stored.tensors().keySet()) {
      String layer = layer(name);
      if (layer == null || !stored.tensors().containsKey(layer + SpmFile.DOWN)) {
        throw damaged("its tensor " + name + " is no part of an adapter");
      }
      if (name.endsWith(SpmFile.DOWN)) {
        layers.add(layer);
      }
    }
    if (layers.isEmpty()) {
      throw damaged("it has no adapters");
    }
    return layers;
  }

  private static @Nullable String layer(String name) {
    return Stream.of(SpmFile.DOWN, SpmFile.UP, SpmFile.ALPHA)
        .filter(end -> name.startsWith(SpmFile.KOHYA) && name.endsWith(end))
        .map(end -> name.substring(0, name.length() - end.length()))
        .findFirst()
        .orElse(null);
  }

  private String module(String layer) {
    return unet.keySet().stream()
        .filter(name -> name.endsWith(Edits.WEIGHT))
        .map(Edits::module)
        .filter(module -> SpmFile.kohya(module).equals(layer))
        .findFirst()
        .orElseThrow(() -> otherModel("there is no layer for " + layer));
  }

  private TensorInfo info(String name) {
    TensorInfo info = stored.tensors().get(name);
    if (info == null) {
      throw damaged("it lacks " + name);
    }
    if (info.shape().isEmpty() || !info.dtype().isFloating() || !info.dtype().isReadable()) {
      throw damaged(name + " is " + info.dtype().label() + " " + info.shapeText());
    }
    return info;
  }

  /** alpha / r; of n concepts together both are n times as much. */
  private float scale(String layer, long rank, int count) {
    if (rank < 1 || rank % count != 0) {
      throw damaged(layer + " has rank " + rank + " for " + count + " concepts");
    }
    if (!stored.tensors().containsKey(layer + SpmFile.ALPHA)) {
      return 1;
    }
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        NDArray alpha = stored.read(layer + SpmFile.ALPHA, scope).toType(DataType.FLOAT32, false)) {
      float scale = alpha.size() == 1 ? alpha.toFloatArray()[0] / rank : Float.NaN;
      if (!Float.isFinite(scale)) {
        throw damaged(layer + SpmFile.ALPHA + " is not one number");
      }
      return scale;
    }
  }

  /** The shape that a factor of a layer has, its rank as the file has it. */
  private List<Long> wanted(String module, String layer, boolean down) {
    TensorInfo weight = Objects.requireNonNull(unet.get(module + Edits.WEIGHT));
    long rank = info(layer + SpmFile.DOWN).shape().get(0);
    List<Long> shape = new ArrayList<>(weight.shape());
    if (!down) {
      Collections.fill(shape.subList(1, shape.size()), 1L);
    }
    if (shape.size() > 1) {
      shape.set(down ? 0 : 1, rank);
    }
    return shape;
  }

  private Membrane.Tensor values(String name, List<Long> wanted, float factor) {
    TensorInfo info = info(name);
    if (!info.shape().equals(wanted) || wanted.size() < 2) {
      throw otherModel("%s is %s, expected %s".formatted(name, info.shapeText(), wanted));
    }
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        NDArray read = stored.read(name, scope).toType(DataType.FLOAT32, false)) {
      float[] values = read.toFloatArray();
      if (!Finite.all(values)) {
        throw damaged(name + " has NaN or infinity");
      }
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
      return new Membrane.Tensor(
          new Shape(wanted.stream().mapToLong(Long::longValue).toArray()), values);
    }
  }

  private RealeraException damaged(String what) {
    return RealeraException.damaged(file + " is no file of SPM: " + what, SpmFile.REMEDY);
  }

  private RealeraException otherModel(String what) {
    return RealeraException.usage(
        file + " is of another model: " + what, "Give the model that it was made from.");
  }
}
