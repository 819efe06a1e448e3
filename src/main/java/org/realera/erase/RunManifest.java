package org.realera.erase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.Version;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Extent;
import org.realera.checkpoint.Manifest;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeWriter;
import org.realera.convert.Target;
import org.realera.diffusion.Verdict;
import org.realera.files.Json;
import org.realera.method.Stage;
import org.realera.tensor.Compute;

/**
 * The manifest of a run while it is on: it grows with the stages. The same run gives the same
 * bytes, but for what stands under {@code timings}.
 */
final class RunManifest {
  private final SortedMap<String, String> sha256;
  private final String modelRef;
  private final Manifest.Compute compute;
  private final EraseRecipe recipe;
  private final SortedMap<String, String> files;
  private final Target to;
  private final Map<String, JsonNode> results = new LinkedHashMap<>();
  private @Nullable JsonNode previous;
  private List<Double> losses = List.of();
  private Map<String, Number> timings = Map.of();

  private RunManifest(
      String modelRef,
      SortedMap<String, String> sha256,
      Manifest.Compute compute,
      EraseRecipe recipe,
      Map<String, String> files,
      Target to) {
    this.to = to;
    this.modelRef = modelRef;
    this.sha256 = sha256;
    this.compute = compute;
    this.recipe = recipe;
    this.files = new TreeMap<>(files);
  }

  /**
   * The manifest of a run about to begin.
   *
   * @param modelRef the model as the user named it
   * @param fingerprints component to SHA-256 of its tensors, {@code config} to that of the
   *     configurations, and {@code tokenizer} to that of the tokenizer's tables
   * @param engine what computes, with version and threads
   * @param to what will be written
   * @param files others that the recipe names, name to SHA-256
   */
  static RunManifest of(
      String modelRef,
      SortedMap<String, String> fingerprints,
      Compute compute,
      String engine,
      EraseRecipe recipe,
      Map<String, String> files,
      Target to) {
    String dtype = compute.precision().label();
    Boolean checkpointing = compute.gradientCheckpointing() ? true : null;
    return new RunManifest(
        modelRef,
        fingerprints,
        new Manifest.Compute(compute.deviceKind(), dtype, engine, checkpointing),
        recipe,
        files,
        to);
  }

  /** All that is known so far. */
  Manifest soFar() {
    return new Manifest(
        Version.current(),
        new Manifest.Model(modelRef, sha256, previous),
        compute,
        recipe.seed(),
        files.isEmpty() ? null : files,
        Json.tree(RecipeWriter.toTree(recipe)),
        to == Target.DIFFUSERS ? null : to.key(),
        results,
        losses,
        timings);
  }

  /** What the output's bytes depend on, for a run that goes on where another stopped. */
  JsonNode settings() {
    return settings(soFar());
  }

  /** The same of a manifest that was read. */
  static JsonNode settings(Manifest manifest) {
    ObjectNode settings = Json.object();
    settings.put("realera", manifest.version());
    settings.set("model", Json.tree(manifest.model().sha256()));
    settings.put("device", manifest.compute().device());
    settings.put("dtype", manifest.compute().dtype());
    if (manifest.compute().gradientCheckpointing() != null) {
      settings.put("gradient_checkpointing", manifest.compute().gradientCheckpointing());
    }
    if (manifest.files() != null) {
      settings.set("files", Json.tree(manifest.files()));
    }
    settings.set("recipe", manifest.recipe());
    if (manifest.to() != null) {
      settings.put("to", manifest.to());
    }
    return settings;
  }

  /**
   * The same without the form that is written in the end: on that nothing saved depends, and who
   * learns after hours that LoRA can't say a change goes on to a delta.
   */
  static JsonNode settingsOfWork(JsonNode settings) {
    JsonNode work = settings.deepCopy();
    if (work instanceof ObjectNode object) {
      object.remove("to");
    }
    return work;
  }

  /** Notes what came of a stage: names to numbers, texts, lists and maps. */
  void result(Stage stage, Map<String, ?> values) {
    results.put(stage.key(), Json.tree(values));
  }

  /**
   * Notes what was written.
   *
   * @param tensors names of those replaced
   * @param leftOut files of the source that are not in the output
   */
  void written(Collection<String> tensors, List<String> leftOut) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("tensors", tensors);
    values.put("left_out", leftOut);
    result(Stage.WRITE, values);
  }

  /** Notes what somebody saw in the report's images. */
  void check(Verdict seen) {
    results.put("check", Json.tree(seen));
  }

  /** Notes that the run was begun by other engines or threads than {@link #facts} names. */
  void resumed(List<String> engines) {
    results.put("resumed", Json.tree(Map.of("computed_before", engines)));
  }

  /** Notes the loss of every step. */
  void losses(List<Double> all) {
    losses = List.copyOf(all);
  }

  /** The losses noted; empty for a run without an alignment. */
  List<Double> losses() {
    return losses;
  }

  /** If the source was itself the output of an erasure, keeps what that one said. */
  void previous(Path source) {
    Path file = source.resolve(Manifest.FILE);
    if (Files.exists(file) && Json.read(file) instanceof ObjectNode earlier) {
      earlier.remove("timings");
      previous = earlier; // whole: another version may have written what this one does not know
    }
  }

  /** What the embeddings of a prompt depend on, beside its tokens. */
  List<String> textKey() {
    return List.of(
        sha256.getOrDefault(Checkpoint.TEXT_ENCODER, ""),
        sha256.getOrDefault(Checkpoint.CONFIG, ""),
        compute.device(),
        compute.engine());
  }

  /** Facts for the head of the report. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Method", recipe.method().title());
    facts.put("Model", modelRef);
    String unet = sha256.get(Checkpoint.UNET);
    facts.put(
        unet == null ? "Its keys and values" : "U-Net",
        "SHA-256 " + (unet == null ? sha256.getOrDefault(Extent.PROJECTIONS, "") : unet));
    facts.put("Seed", String.valueOf(recipe.seed()));
    String checkpointing =
        compute.gradientCheckpointing() == null ? "" : ", with gradient checkpointing";
    // realera.json keeps "1 threads": the prior's cache and resumed runs compare it to the letter.
    facts.put(
        "Computed on",
        compute.device()
            + " in "
            + compute.dtype()
            + checkpointing
            + ", "
            + compute.engine().replaceFirst(", 1 threads$", ", 1 thread"));
    facts.put("Made by", "realera " + Version.current());
    return facts;
  }

  /** Notes seconds of each stage and in all, and memory; of the last run, if there were several. */
  void timings(Map<String, Number> all) {
    timings = new LinkedHashMap<>(all);
  }

  void write(Path folder) {
    soFar().write(folder);
  }
}
