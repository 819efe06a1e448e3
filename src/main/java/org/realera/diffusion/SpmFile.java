package org.realera.diffusion;

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
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.files.Digests;
import org.realera.files.Json;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;

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
  static final String PROMPTS = "prompts";
  static final String KOHYA = "lora_unet_";
  static final String DOWN = ".lora_down.weight";
  static final String UP = ".lora_up.weight";
  static final String ALPHA = ".alpha";
  private static final String METHOD = "spm";
  static final String REMEDY =
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

  /** A module under kohya's name. */
  static String kohya(String module) {
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
      List<Membrane> membranes = new SpmReader(file, stored, unet.tensors()).membranes();
      List<String> concepts = membranes.stream().map(Membrane::concept).toList();
      return new SpmFile(membranes, new SpmSource(concepts, Digests.sha256(List.of(file))));
    }
  }

  /**
   * What a file of adapters erases, whatever model it is for.
   *
   * @throws RealeraException (not found, damaged) if it is none of SPM
   */
  public static List<String> concepts(Path file) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      return new SpmReader(file, stored, Map.of())
          .concepts().stream().flatMap(List::stream).toList();
    }
  }

  /** Adapters at 1 in the weights and again while they are drawn with would erase twice. */
  private static void requireOriginal(Checkpoint model) {
    boolean merged =
        Manifest.find(model.root()).stream()
            .flatMap(manifest -> manifest.recipesInAll().stream())
            .anyMatch(recipe -> recipe.path("method").asText().equals(METHOD));
    if (merged) {
      throw RealeraException.usage(
          model.location() + " was erased by spm: its weights hold the adapters already",
          "Give --spm with the original model.");
    }
  }
}
