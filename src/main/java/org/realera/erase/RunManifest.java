package org.realera.erase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.realera.Version;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeWriter;
import org.realera.files.Json;
import org.realera.method.Stage;
import org.realera.tensor.Compute;

/**
 * realera.json: all that is needed to say what a model is and to make it again. The same run gives
 * the same bytes, but for what stands under {@code timings}.
 */
final class RunManifest {
  static final String FILE = "realera.json";

  private final ObjectNode root;

  private RunManifest(ObjectNode root) {
    this.root = root;
  }

  /**
   * The manifest of a run about to begin.
   *
   * @param modelRef the model as the user named it
   * @param fingerprints component to SHA-256 of its tensors
   * @param engine what computes, with version and threads
   */
  static RunManifest of(
      String modelRef,
      SortedMap<String, String> fingerprints,
      Compute compute,
      String engine,
      EraseRecipe recipe) {
    ObjectNode root = Json.object();
    root.put("realera", Version.current());
    root.putObject("model").put("ref", modelRef).set("sha256", Json.tree(fingerprints));
    root.putObject("compute")
        .put("device", compute.deviceKind())
        .put("dtype", compute.precision().label())
        .put("engine", engine);
    root.put("seed", recipe.seed());
    root.set("recipe", Json.tree(RecipeWriter.toTree(recipe)));
    root.putObject("results");
    return new RunManifest(root);
  }

  /** What the output's bytes depend on, for a run that goes on where another stopped. */
  JsonNode settings() {
    return settings(root);
  }

  /** The same of a manifest that was read. */
  static JsonNode settings(JsonNode manifest) {
    ObjectNode settings = Json.object();
    settings.set("realera", manifest.path("realera"));
    settings.set("model", manifest.path("model").path("sha256"));
    settings.set("device", manifest.path("compute").path("device"));
    settings.set("dtype", manifest.path("compute").path("dtype"));
    settings.set("recipe", manifest.path("recipe"));
    return settings;
  }

  /** Notes what came of a stage: names to numbers, texts, lists and maps. */
  void result(Stage stage, Map<String, ?> values) {
    ((ObjectNode) root.path("results")).set(stage.key(), Json.tree(values));
  }

  /** Notes the loss of every step. */
  void losses(List<Double> losses) {
    root.set("losses", Json.tree(losses));
  }

  /** The losses noted. */
  List<Double> losses() {
    List<Double> losses = new ArrayList<>();
    root.path("losses").forEach(loss -> losses.add(loss.asDouble()));
    return losses;
  }

  /** If the source was itself the output of an erasure, keeps what that one said. */
  void previous(Path source) {
    Path file = source.resolve(FILE);
    if (Files.exists(file) && Json.read(file) instanceof ObjectNode earlier) {
      earlier.remove("timings");
      ((ObjectNode) root.path("model")).set("previous", earlier);
    }
  }

  /** What the embeddings of a prompt depend on, beside its tokens. */
  List<String> textKey() {
    return List.of(
        root.path("model").path("sha256").path("text_encoder").asText(),
        root.path("compute").path("device").asText(),
        root.path("compute").path("engine").asText());
  }

  /** Facts for the head of the report. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Model", root.path("model").path("ref").asText());
    facts.put("U-Net", "SHA-256 " + root.path("model").path("sha256").path("unet").asText());
    facts.put("Seed", root.path("seed").asText());
    facts.put(
        "Computed on",
        root.path("compute").path("device").asText()
            + " in "
            + root.path("compute").path("dtype").asText()
            + ", "
            + root.path("compute").path("engine").asText());
    facts.put("Made by", "realera " + root.path("realera").asText());
    return facts;
  }

  /**
   * Reads a folder's manifest.
   *
   * @throws org.realera.RealeraException not found or damaged
   */
  static JsonNode read(Path folder) {
    return Json.read(folder.resolve(FILE));
  }

  /** Notes seconds of each stage and in all; of the last run, if there were several. */
  void timings(Map<String, Double> seconds) {
    root.set("timings", Json.tree(seconds));
  }

  void write(Path folder) {
    Json.write(folder.resolve(FILE), root);
  }
}
