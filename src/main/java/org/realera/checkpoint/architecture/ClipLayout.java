package org.realera.checkpoint.architecture;

import java.util.List;
import java.util.SortedMap;

/** The tensors of a whole CLIP model: both towers, and what takes them into one space. */
public final class ClipLayout {

  private ClipLayout() {}

  /** Names and shapes, as transformers' {@code CLIPModel} has them. */
  public static SortedMap<String, List<Long>> of(ClipTextConfig text, ClipVisionConfig vision) {
    TensorLayout layout = new TensorLayout();
    layout.clipText(text);
    layout.linear("text_projection", text.hiddenSize(), text.projectionDim(), false);
    int width = vision.hiddenSize();
    int patches = vision.imageSize() / vision.patchSize();
    String embeddings = "vision_model.embeddings.";
    layout.tensor(embeddings + "class_embedding", width);
    layout.tensor(
        embeddings + "patch_embedding.weight",
        width,
        vision.channels(),
        vision.patchSize(),
        vision.patchSize());
    layout.tensor(embeddings + "position_embedding.weight", patches * patches + 1, width);
    layout.norm("vision_model.pre_layrnorm", width); // sic
    layout.clipEncoder("vision_model", vision.layers(), width, vision.intermediateSize());
    layout.norm("vision_model.post_layernorm", width);
    layout.linear("visual_projection", width, vision.projectionDim(), false);
    return layout.shapes();
  }
}
