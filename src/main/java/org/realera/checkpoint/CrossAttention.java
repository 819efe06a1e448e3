package org.realera.checkpoint;

import java.util.List;
import org.realera.RealeraException;
import org.realera.safetensors.Weights;

/** The projections that the method edits. */
public final class CrossAttention {
  private static final String WEIGHT = ".weight";

  private CrossAttention() {}

  /**
   * The modules {@code attn2.to_k} and {@code attn2.to_v} of a U-Net, whose weights W [C, d] map
   * text embeddings to keys and values.
   *
   * @return their names without {@code .weight}, in alphabetical order; 32 for SD v1.4
   * @throws RealeraException damaged if there are none
   */
  public static List<String> projections(Weights unet) {
    List<String> names =
        unet.tensors().keySet().stream()
            .filter(CrossAttention::isProjection)
            .map(n -> n.substring(0, n.length() - WEIGHT.length()))
            .toList();
    if (names.isEmpty()) {
      throw RealeraException.damaged(
          unet.source() + ": it has no cross-attention (no attn2.to_k or attn2.to_v)",
          "Use a Stable Diffusion 1.x or 2.x model in the diffusers layout.");
    }
    return names;
  }

  /** Whether a tensor is such a weight. */
  static boolean isProjection(String name) {
    return name.endsWith(".attn2.to_k.weight") || name.endsWith(".attn2.to_v.weight");
  }
}
