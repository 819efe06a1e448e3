package org.realera.convert;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.SingleFileKind;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;

/**
 * What a model is, from headers and configurations: no weight is read.
 *
 * @param location the folder or file
 * @param form {@code diffusers folder} or {@code single file}
 * @param kind the architecture in words
 * @param supported whether this program can work with it
 * @param facts further facts by name
 * @param parts what has weights
 * @param manifest what this program noted if it made the model
 */
public record ModelInfo(
    Path location,
    String form,
    String kind,
    boolean supported,
    Map<String, String> facts,
    List<Part> parts,
    Optional<Manifest> manifest) {

  /** What is told of a file's metadata, under the name after the dot. */
  private static final List<String> FACTS =
      List.of(
          "modelspec.title",
          "modelspec.architecture",
          "modelspec.license",
          "realera.model",
          "realera.base",
          "realera.erased",
          "realera.rank",
          "realera.version");

  /**
   * A network of the model.
   *
   * @param parameters numbers in all its tensors, counted from the header
   * @param types dtype to how many tensors are stored in it
   * @param bytes of tensors, without headers
   */
  public record Part(
      String name, long parameters, int tensors, SortedMap<String, Integer> types, long bytes) {

    static Part of(String name, Map<String, TensorInfo> infos) {
      SortedMap<String, Integer> types = new TreeMap<>();
      long parameters = 0;
      long bytes = 0;
      for (TensorInfo info : infos.values()) {
        types.merge(info.dtype().label(), 1, Integer::sum);
        parameters += info.elements();
        bytes += info.byteSize();
      }
      return new Part(
          name, parameters, infos.size(), Collections.unmodifiableSortedMap(types), bytes);
    }
  }

  /** Parameters of all parts. */
  public long parameters() {
    return parts.stream().mapToLong(Part::parameters).sum();
  }

  /** Bytes of all parts' tensors. */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  /**
   * Looks at a model.
   *
   * @throws org.realera.RealeraException not found or damaged; a single file of another
   *     architecture is described, not refused
   */
  public static ModelInfo of(ModelRef ref) {
    if (Files.isRegularFile(ref.path())) {
      try (SafetensorsFile file = SafetensorsFile.open(ref.path())) {
        SingleFileKind kind = SingleFileKind.of(file);
        if (!kind.isModel()) {
          return ofOther(file, kind);
        }
      }
    }
    return of(ref, Checkpoint.open(ref.path()));
  }

  private static ModelInfo ofOther(SafetensorsFile file, SingleFileKind kind) {
    Map<String, String> facts = new LinkedHashMap<>();
    FACTS.forEach(
        key -> {
          String value = file.metadata().get(key);
          if (value != null) {
            facts.put(key.substring(key.indexOf('.') + 1), value);
          }
        });
    return new ModelInfo(
        file.path(),
        "single file",
        kind.words(),
        false,
        facts,
        List.of(Part.of("file", file.tensors())),
        Optional.empty());
  }

  private static ModelInfo of(ModelRef ref, Checkpoint model) {
    List<Part> parts = new ArrayList<>();
    for (String component : Checkpoint.COMPONENTS) {
      try (Weights weights = model.openComponent(component)) {
        parts.add(Part.of(component, weights.tensors()));
      }
    }
    Optional<Manifest> manifest = Manifest.find(model.root());
    int latents = model.unetConfig().sampleSize();
    int pixels = latents * model.vaeConfig().scale();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "pictures", "%s x %s pixels, %s x %s latents".formatted(pixels, pixels, latents, latents));
    facts.put(
        "text",
        String.format(
            Locale.ROOT,
            "%d layers of width %d, %,d tokens",
            model.textConfig().layers(),
            model.textConfig().hiddenSize(),
            model.textConfig().vocabSize()));
    facts.put(
        "scheduler",
        model.schedulerConfig().className() + ", " + model.schedulerConfig().predictionType());
    model.guessedPrediction().ifPresent(guess -> facts.put("predicts", guess.words()));
    facts.put("license", FileMetadata.license(ref.name(), model, manifest));
    return new ModelInfo(
        model.location(),
        model.isSingleFile() ? "single file" : "diffusers folder",
        kind(model),
        true,
        facts,
        List.copyOf(parts),
        manifest);
  }

  private static String kind(Checkpoint model) {
    String version = model.isVersion2() ? "2" : "1";
    boolean full = model.unetConfig().blockOutChannels().equals(List.of(320, 640, 1280, 1280));
    return "a Stable Diffusion " + version + " model" + (full ? "" : " of reduced size");
  }
}
