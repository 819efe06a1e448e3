package org.realera.checkpoint.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.realera.RealeraException;

/** What {@code model_index.json} says: the kind of a model and its parts. */
public final class ModelIndex {
  /** The file that makes a folder a diffusers model. */
  public static final String FILE = "model_index.json";

  private static final Set<String> PIPELINES =
      Set.of(
          "StableDiffusionPipeline",
          "StableDiffusionImg2ImgPipeline",
          "StableDiffusionPipelineSafe");

  private final ConfigJson json;

  private ModelIndex(ConfigJson json) {
    this.json = json;
  }

  /**
   * Reads the index of a model.
   *
   * @throws RealeraException not found, or damaged if it is the index of another kind of model
   */
  public static ModelIndex read(Path file) {
    ConfigJson json = ConfigJson.read(file);
    json.mustBe("_class_name", PIPELINES);
    return new ModelIndex(json);
  }

  /** All that it lists, parts or not. */
  public Set<String> keys() {
    return Set.copyOf(json.keys());
  }

  /** Whether it lists a part that is there, and not null. */
  public boolean has(String name) {
    return json.value(name) instanceof ArrayNode part && part.path(0).isTextual();
  }

  /**
   * The folders that the index of a model lists of which nothing else is there yet.
   *
   * @param model what the user calls it, for messages
   * @throws RealeraException damaged if it is the index of another kind of model
   */
  public static Set<String> components(Path index, String model) {
    ConfigJson json = ConfigJson.read(index);
    String kind = json.text("_class_name", "");
    if (!PIPELINES.contains(kind)) {
      throw RealeraException.damaged(
          "%s is a %s, which is not supported"
              .formatted(model, kind.isEmpty() ? "(no kind)" : kind),
          "Use a Stable Diffusion model, e.g. CompVis/stable-diffusion-v1-4.");
    }
    Set<String> folders = new TreeSet<>();
    for (String key : json.keys()) {
      JsonNode value = json.value(key);
      boolean listed = value != null && value.isArray() && value.path(0).isTextual();
      if (listed && key.matches("[a-z]\\w*")) {
        folders.add(key);
      }
    }
    return folders;
  }
}
