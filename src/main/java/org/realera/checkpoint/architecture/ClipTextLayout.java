package org.realera.checkpoint.architecture;

import java.util.List;
import java.util.SortedMap;

/** The tensors of a CLIP text encoder of this configuration: 196 for SD v1.4. */
public final class ClipTextLayout {
  private ClipTextLayout() {}

  /** Names and shapes, as transformers has them. */
  public static SortedMap<String, List<Long>> of(ClipTextConfig config) {
    TensorLayout layout = new TensorLayout();
    int width = config.hiddenSize();
    String embeddings = "text_model.embeddings.";
    layout.tensor(embeddings + "token_embedding.weight", config.vocabSize(), width);
    layout.tensor(embeddings + "position_embedding.weight", config.maxPositions(), width);
    for (int i = 0; i < config.layers(); i++) {
      String layer = "text_model.encoder.layers." + i;
      layout.norm(layer + ".layer_norm1", width);
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        layout.linear(layer + ".self_attn." + part, width, width, true);
      }
      layout.norm(layer + ".layer_norm2", width);
      layout.linear(layer + ".mlp.fc1", width, config.intermediateSize(), true);
      layout.linear(layer + ".mlp.fc2", config.intermediateSize(), width, true);
    }
    layout.norm("text_model.final_layer_norm", width);
    return layout.shapes();
  }
}
