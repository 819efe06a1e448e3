package org.realera.diffusion;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.files.Digests;
import org.realera.files.Json;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.Finite;

/**
 * A file of SPM's adapters that was read for a model.
 *
 * <p>Tensors stand under kohya's names, as the authors publish theirs, and the metadata has their
 * {@code prompts}, {@code rank} and {@code alpha}. Several concepts stand side by side, concept i
 * of n in the i-th n-th of the ranks, named by {@value #CONCEPTS}: to other programs the file is
 * LoRA that holds all at 1.
 *
 * @param membranes the adapters of each concept, by the model's module names
 * @param source what the file is
 */
public record SpmFile(List<Membrane> membranes, SpmSource source) {
  /** The file's name in the folder of an erased model. */
  public static final String NAME = "spm.safetensors";

  static final String CONCEPTS = "realera.concepts";
  private static final String PROMPTS = "prompts";
  private static final String KOHYA = "lora_unet_";
  private static final String DOWN = ".lora_down.weight";
  private static final String UP = ".lora_up.weight";
  private static final String ALPHA = ".alpha";
  private static final String METHOD = "spm";
  private static final String REMEDY =
      "Give the " + NAME + " that realera erase --method spm writes, or one of SPM's authors.";

  /**
   * Writes adapters.
   *
   * @param membranes at least one; all of the same modules, rank and scale
   * @throws RealeraException (resources, failed) naming the file
   */
  public static void write(Path file, List<Membrane> membranes) {
    double scale = membranes.get(0).scale();
    List<Double> ones = Collections.nCopies(membranes.size(), 1.0);
    SortedMap<String, Membrane.Tensor> together = Membrane.together(membranes, ones);
    List<TensorSource> tensors = new ArrayList<>();
    long rank = 1;
    for (String module : membranes.get(0).modules()) {
      Membrane.Tensor down = Objects.requireNonNull(together.get(module + Edits.LORA_A));
      Membrane.Tensor up = Objects.requireNonNull(together.get(module + Edits.LORA_B));
      rank = down.shape().get(0);
      String name = kohya(module);
      tensors.add(source(name + DOWN, down));
      tensors.add(source(name + UP, up));
      float[] alpha = {(float) (scale * rank)};
      tensors.add(TensorSource.of(name + ALPHA, DType.F32, List.of(), alpha));
    }
    List<String> concepts = membranes.stream().map(Membrane::concept).toList();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(PROMPTS, String.join(",", concepts));
    metadata.put("rank", String.valueOf(rank));
    metadata.put("alpha", String.valueOf(scale * rank));
    metadata.put(CONCEPTS, json(concepts));
    SafetensorsWriter.write(file, metadata, tensors);
  }

  private static TensorSource source(String name, Membrane.Tensor tensor) {
    List<Long> shape = Arrays.stream(tensor.shape().getShape()).boxed().toList();
    return TensorSource.of(name, DType.F32, shape, tensor.values());
  }

  private static String kohya(String module) {
    return KOHYA + module.replace('.', '_');
  }

  private static String json(List<String> concepts) {
    try {
      return Json.WRITER.writeValueAsString(concepts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts is always JSON", e);
    }
  }

  /**
   * Reads adapters for a model.
   *
   * @param given the file, or the folder that holds {@value #NAME}
   * @param model the original
   * @throws RealeraException (not found) if there is no such file; (damaged) if it is none of SPM;
   *     (usage) if it is for another model, or the model holds such adapters already
   */
  public static SpmFile read(Path given, Checkpoint model) {
    requireOriginal(model);
    Path file = Files.isDirectory(given) ? given.resolve(NAME) : given;
    if (!Files.exists(file)) {
      throw RealeraException.notFound(
          "there is no file " + file,
          file.equals(given)
              ? REMEDY
              : "Erase anew with --method spm, which writes it, or give it.");
    }
    try (SafetensorsFile stored = SafetensorsFile.open(file);
        Weights unet = model.openUnet()) {
      List<Membrane> membranes = new Reader(file, stored, unet.tensors()).membranes();
      List<String> concepts = membranes.stream().map(Membrane::concept).toList();
      return new SpmFile(membranes, new SpmSource(concepts, Digests.sha256(List.of(file))));
    }
  }

  /** Adapters at 1 in the weights and again while they are drawn with would erase twice. */
  private static void requireOriginal(Checkpoint model) {
    boolean merged =
        Manifest.find(model.root())
            .filter(manifest -> manifest.recipe().path("method").asText().equals(METHOD))
            .isPresent();
    if (merged) {
      throw RealeraException.usage(
          model.location() + " was erased by spm: its weights hold the adapters already",
          "Give --spm with the original model.");
    }
  }

  /** Reads one file. */
  private record Reader(Path file, SafetensorsFile stored, Map<String, TensorInfo> unet) {

    List<Membrane> membranes() {
      List<List<String>> concepts = concepts();
      int count = concepts.size();
      List<Membrane> membranes =
          concepts.stream()
              .map(prompts -> new Membrane(prompts, 1, new TreeMap<>(), new TreeMap<>()))
              .toList();
      for (String layer : layers()) {
        String module = module(layer);
        float scale = scale(layer, info(layer + DOWN).shape().get(0), count);
        Membrane.Tensor down = values(layer + DOWN, wanted(module, layer, true), scale);
        Membrane.Tensor up = values(layer + UP, wanted(module, layer, false), 1);
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
    private List<List<String>> concepts() {
      String own = stored.metadata().get(CONCEPTS);
      if (own != null) {
        List<List<String>> concepts =
            Stream.of(names(own)).map(String::strip).map(List::of).toList();
        if (!concepts.isEmpty() && concepts.stream().noneMatch(c -> c.get(0).isEmpty())) {
          return concepts;
        }
        throw damaged(CONCEPTS + " is no list of concepts");
      }
      String prompts = stored.metadata().getOrDefault(PROMPTS, "");
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
        throw damaged(CONCEPTS + " is no list of concepts");
      }
      if (names == null || Stream.of(names).anyMatch(Objects::isNull)) {
        throw damaged(CONCEPTS + " is no list of concepts");
      }
      return names;
    }

    /** Names of layers as they stand in the file. */
    private List<String> layers() {
      List<String> layers = new ArrayList<>();
      for (String name : stored.tensors().keySet()) {
        String layer = layer(name);
        if (layer == null || !stored.tensors().containsKey(layer + DOWN)) {
          throw damaged("its tensor " + name + " is no part of an adapter");
        }
        if (name.endsWith(DOWN)) {
          layers.add(layer);
        }
      }
      if (layers.isEmpty()) {
        throw damaged("it has no adapters");
      }
      return layers;
    }

    private static @Nullable String layer(String name) {
      return Stream.of(DOWN, UP, ALPHA)
          .filter(end -> name.startsWith(KOHYA) && name.endsWith(end))
          .map(end -> name.substring(0, name.length() - end.length()))
          .findFirst()
          .orElse(null);
    }

    private String module(String layer) {
      return unet.keySet().stream()
          .filter(name -> name.endsWith(Edits.WEIGHT))
          .map(Edits::module)
          .filter(module -> kohya(module).equals(layer))
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
      if (!stored.tensors().containsKey(layer + ALPHA)) {
        return 1;
      }
      try (NDManager scope = NDManager.newBaseManager(Device.cpu());
          NDArray alpha = stored.read(layer + ALPHA, scope).toType(DataType.FLOAT32, false)) {
        float scale = alpha.size() == 1 ? alpha.toFloatArray()[0] / rank : Float.NaN;
        if (!Float.isFinite(scale)) {
          throw damaged(layer + ALPHA + " is not one number");
        }
        return scale;
      }
    }

    /** The shape that a factor of a layer has, its rank as the file has it. */
    private List<Long> wanted(String module, String layer, boolean down) {
      TensorInfo weight = Objects.requireNonNull(unet.get(module + Edits.WEIGHT));
      long rank = info(layer + DOWN).shape().get(0);
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
      return RealeraException.damaged(file + " is no file of SPM: " + what, REMEDY);
    }

    private RealeraException otherModel(String what) {
      return RealeraException.usage(
          file + " is of another model: " + what, "Give the model that it was made from.");
    }
  }
}
