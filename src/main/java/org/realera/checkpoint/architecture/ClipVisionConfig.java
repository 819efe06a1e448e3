package org.realera.checkpoint.architecture;

import java.nio.file.Path;
import java.util.Set;

/**
 * The image tower of a CLIP model, from the {@code vision_config} of its config.json (transformers'
 * {@code CLIPModel}).
 *
 * @param imageSize height and width of the images it takes
 * @param patchSize height and width of a patch
 * @param channels image channels
 * @param hiddenSize width of the transformer
 * @param intermediateSize width inside the MLPs
 * @param layers transformer layers
 * @param heads attention heads
 * @param hiddenAct {@code quick_gelu} or {@code gelu}
 * @param layerNormEps epsilon of every layer norm
 * @param projectionDim width of the space it shares with the text tower
 */
public record ClipVisionConfig(
    int imageSize,
    int patchSize,
    int channels,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    String hiddenAct,
    double layerNormEps,
    int projectionDim) {

  private static final int MOST_PIXELS = 4096;
  private static final int MOST_WIDTH = 65_536;
  private static final int MOST_LAYERS = 256;
  private static final String PROJECTION = "projection_dim";

  /**
   * Reads a config.json of a whole CLIP model.
   *
   * @throws org.realera.RealeraException not found or damaged; names file, key, expected and found
   */
  public static ClipVisionConfig read(Path file) {
    ConfigJson whole = ConfigJson.read(file);
    ConfigJson json = whole.tower("vision_config");
    json.mustBe("model_type", Set.of("clip_vision_model", "clip"));
    ClipVisionConfig config =
        new ClipVisionConfig(
            json.count("image_size", 224, MOST_PIXELS),
            json.count("patch_size", 32, MOST_PIXELS),
            json.count("num_channels", 3, MOST_WIDTH),
            json.count("hidden_size", 768, MOST_WIDTH),
            json.count("intermediate_size", 3072, MOST_WIDTH),
            json.count("num_hidden_layers", 12, MOST_LAYERS),
            json.count("num_attention_heads", 12, MOST_WIDTH),
            json.oneOf("hidden_act", "quick_gelu", Set.of("quick_gelu", "gelu")),
            json.real("layer_norm_eps", 1e-5),
            projection(whole, json));
    json.mustDivide("patch_size", config.patchSize(), "image_size", config.imageSize());
    json.mustDivide("num_attention_heads", config.heads(), "hidden_size", config.hiddenSize());
    return config;
  }

  /** Width of the joint space: the whole model's, else the tower's own. */
  static int projection(ConfigJson whole, ConfigJson tower) {
    ConfigJson says = whole.value(PROJECTION) == null ? tower : whole;
    // A text encoder alone does not project: null does no harm there.
    return says.value(PROJECTION) == null ? 512 : says.count(PROJECTION, 512, MOST_WIDTH);
  }
}
