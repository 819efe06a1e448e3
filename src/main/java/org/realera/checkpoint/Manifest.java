package org.realera.checkpoint;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.IoErrors;
import org.realera.files.Json;

/**
 * realera.json: what an erased model is, and all that is needed to make it again. The order of the
 * components is that of the file. What another version of the program wrote besides is ignored.
 *
 * @param version of the program that made it
 * @param model what it was made from
 * @param compute what computed it
 * @param seed of the run
 * @param files others that it was made from, name to SHA-256; null for none
 * @param recipe every key of it, as the recipe's writer orders them
 * @param to what was written, under convert's name; null for a whole folder
 * @param results stage to its figures
 * @param losses of every step of the alignment; none without one
 * @param timings stage to seconds, {@value #UNET_PASSES}, and {@value #PEAK_MEMORY} where the
 *     system tells; null before the end. Unlike all else they differ from run to run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
    @JsonProperty("realera") String version,
    Model model,
    Compute compute,
    long seed,
    @Nullable Map<String, String> files,
    JsonNode recipe,
    @Nullable String to,
    Map<String, JsonNode> results,
    @Nullable List<Double> losses,
    @Nullable Map<String, Number> timings) {
  /** The file's name. */
  public static final String FILE = "realera.json";

  /** Among the timings: samples that the method sent through the U-Net in its last run. */
  public static final String UNET_PASSES = "unet_passes";

  /** Among the timings: the most resident memory of the program while it erased. */
  public static final String PEAK_MEMORY = "peak_memory_bytes";

  private static final String REMEDY = "Mend it, or move it away.";

  /**
   * What a model was made from.
   *
   * @param ref as the user named it
   * @param sha256 component to SHA-256 of its tensors, {@code config} to that of the
   *     configurations, and {@code tokenizer} to that of the tokenizer's tables
   * @param previous its own manifest without timings, if it was itself made by this program
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Model(String ref, SortedMap<String, String> sha256, @Nullable JsonNode previous) {
    @JsonCreator
    static Model of(
        @JsonProperty("ref") @Nullable String ref,
        @JsonProperty("sha256") @Nullable SortedMap<String, String> sha256,
        @JsonProperty("previous") @Nullable JsonNode previous) {
      return new Model(orEmpty(ref), sha256 == null ? new TreeMap<>() : sha256, previous);
    }
  }

  /**
   * What computed a model.
   *
   * @param device {@code cpu} or {@code cuda}
   * @param dtype {@code fp32}, {@code bf16} or {@code fp16}
   * @param engine with its version and threads
   * @param gradientCheckpointing true, or null for none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Compute(
      String device,
      String dtype,
      String engine,
      @JsonProperty("gradient_checkpointing") @Nullable Boolean gradientCheckpointing) {
    @JsonCreator
    static Compute of(
        @JsonProperty("device") @Nullable String device,
        @JsonProperty("dtype") @Nullable String dtype,
        @JsonProperty("engine") @Nullable String engine,
        @JsonProperty("gradient_checkpointing") @Nullable Boolean gradientCheckpointing) {
      return new Compute(orEmpty(device), orEmpty(dtype), orEmpty(engine), gradientCheckpointing);
    }
  }

  /**
   * A concept that was erased.
   *
   * @param concept the words
   * @param anchor the words that took their place
   */
  public record Erased(String concept, String anchor) {}

  /** What a file says; what it leaves out is empty. */
  @JsonCreator
  static Manifest of(
      @JsonProperty("realera") @Nullable String version,
      @JsonProperty("model") @Nullable Model model,
      @JsonProperty("compute") @Nullable Compute compute,
      @JsonProperty("seed") long seed,
      @JsonProperty("files") @Nullable Map<String, String> files,
      @JsonProperty("recipe") @Nullable JsonNode recipe,
      @JsonProperty("to") @Nullable String to,
      @JsonProperty("results") @Nullable Map<String, JsonNode> results,
      @JsonProperty("losses") @Nullable List<Double> losses,
      @JsonProperty("timings") @Nullable Map<String, Number> timings) {
    return new Manifest(
        orEmpty(version),
        model == null ? Model.of(null, null, null) : model,
        compute == null ? Compute.of(null, null, null, null) : compute,
        seed,
        files,
        recipe == null ? Json.object() : recipe,
        to,
        results == null ? Map.of() : results,
        losses,
        timings);
  }

  /**
   * Reads the manifest in a model's folder of small files.
   *
   * @return empty for a model that is not this program's work
   * @throws RealeraException damaged if it is no manifest
   */
  public static Optional<Manifest> find(Path root) {
    return Files.exists(root.resolve(FILE)) ? Optional.of(read(root)) : Optional.empty();
  }

  /**
   * Reads the manifest in a model's folder of small files.
   *
   * @throws RealeraException not found; damaged if it is no manifest
   */
  public static Manifest read(Path root) {
    Path file = root.resolve(FILE);
    try {
      Manifest manifest = Json.read(file, Manifest.class, REMEDY);
      if (manifest == null) {
        throw RealeraException.damaged(file + " says nothing", REMEDY);
      }
      return manifest;
    } catch (JsonMappingException e) {
      throw RealeraException.damaged(
          file + " does not say what realera writes there: " + Json.reason(e), REMEDY);
    } catch (JsonProcessingException e) {
      throw RealeraException.damaged(file + " is not JSON: " + Json.reason(e), REMEDY);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /** Writes the file into a folder. */
  public void write(Path folder) {
    Json.write(folder.resolve(FILE), Json.tree(this));
  }

  /** The concepts that the recipe names. */
  public List<Erased> erased() {
    return erased(recipe);
  }

  /** The same, and what had been erased from the model before, the latest first. */
  public List<Erased> erasedInAll() {
    return recipesInAll().stream().flatMap(one -> erased(one).stream()).toList();
  }

  /** The recipe, and those by which the model had been erased before, the latest first. */
  public List<JsonNode> recipesInAll() {
    List<JsonNode> recipes = new ArrayList<>(List.of(recipe));
    JsonNode earlier = model.previous();
    while (earlier != null && earlier.isObject()) {
      recipes.add(earlier.path("recipe"));
      earlier = earlier.path("model").path("previous");
    }
    return List.copyOf(recipes);
  }

  private static List<Erased> erased(JsonNode recipe) {
    List<Erased> erased = new ArrayList<>();
    for (JsonNode pair : recipe.path("concepts")) {
      erased.add(new Erased(pair.path("concept").asText(), pair.path("anchor").asText()));
    }
    return List.copyOf(erased);
  }

  /** The same as the command line takes them: {@code airplane=sky}. */
  public List<String> pairs() {
    return erased().stream().map(pair -> pair.concept() + "=" + pair.anchor()).toList();
  }

  private static String orEmpty(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
