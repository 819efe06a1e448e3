package org.realera.checkpoint.architecture;

import java.nio.file.Path;
import java.util.Set;

/**
 * What {@code text_encoder/config.json} says (transformers' {@code CLIPTextModel}), or the {@code
 * text_config} of a whole CLIP model.
 *
 * @param vocabSize rows of the token embedding
 * @param hiddenSize width of the embedding, 768 for SD v1.4
 * @param intermediateSize width inside the MLPs
 * @param layers transformer layers
 * @param heads attention heads
 * @param hiddenAct {@code quick_gelu} or {@code gelu}
 * @param layerNormEps epsilon of every layer norm
 * @param maxPositions length of a prompt in tokens, always 77
 * @param projectionDim width of the joint space (of use in a whole CLIP model only)
 */
public record ClipTextConfig(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    String hiddenAct,
    double layerNormEps,
    int maxPositions,
    int projectionDim) {

  /** Tokens of a prompt as the encoder sees it, start, end and padding included. */
  public static final int LENGTH = 77;

  private static final String TOWER = "text_config";
  private static final String POSITIONS = "max_position_embeddings";
  private static final int MOST_TOKENS = 1_000_000;
  private static final int MOST_WIDTH = 65_536;
  private static final int MOST_LAYERS = 256;

  /**
   * Reads a config.json of a text encoder, which may be that of the whole CLIP model: transformers
   * then takes its {@code text_config} and looks at no {@code text_config_dict}.
   *
   * @throws org.realera.RealeraException not found or damaged; names file, key, expected and found
   */
  public static ClipTextConfig read(Path file) {
    ConfigJson whole = ConfigJson.read(file);
    return of(whole, whole.childOrSelf(TOWER));
  }

  /**
   * Reads the text tower's part of a config.json of a whole CLIP model.
   *
   * @throws org.realera.RealeraException as {@link #read}
   */
  public static ClipTextConfig readWhole(Path file) {
    ConfigJson whole = ConfigJson.read(file);
    return of(whole, whole.tower(TOWER));
  }

  private static ClipTextConfig of(ConfigJson whole, ConfigJson json) {
    json.mustBe("model_type", Set.of("clip_text_model", "clip"));
    json.mustBeOff("use_attention_mask"); // pipelines would hide the padding
    ClipTextConfig config =
        new ClipTextConfig(
            json.count("vocab_size", 49408, MOST_TOKENS),
            json.count("hidden_size", 512, MOST_WIDTH),
            json.count("intermediate_size", 2048, MOST_WIDTH),
            json.count("num_hidden_layers", 12, MOST_LAYERS),
            json.count("num_attention_heads", 8, MOST_WIDTH),
            json.oneOf("hidden_act", "quick_gelu", Set.of("quick_gelu", "gelu")),
            json.real("layer_norm_eps", 1e-5),
            positions(json),
            ClipVisionConfig.projection(whole, json));
    json.mustDivide("num_attention_heads", config.heads(), "hidden_size", config.hiddenSize());
    return config;
  }

  /** Prompts are cut and padded to CLIP's own length; encoders of others were taught another. */
  private static int positions(ConfigJson json) {
    int positions = json.count(POSITIONS, LENGTH, MOST_WIDTH);
    if (positions != LENGTH) {
      throw json.unsupported(POSITIONS, String.valueOf(LENGTH), positions);
    }
    return positions;
  }
}
