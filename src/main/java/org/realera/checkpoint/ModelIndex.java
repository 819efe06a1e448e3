package org.realera.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.realera.RealeraException;

/** What {@code model_index.json} says of a model before anything else of it is there. */
public final class ModelIndex {
  static final Set<String> PIPELINES =
      Set.of(
          "StableDiffusionPipeline",
          "StableDiffusionImg2ImgPipeline",
          "StableDiffusionPipelineSafe");

  private ModelIndex() {}

  /**
   * The folders that it lists.
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
