package org.realera.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much cross-attention gives to some tokens of the text, to be made small.
 *
 * <p>A^(l) is the map of layer l, [B, heads, H x W, 77]; |.| is the Frobenius norm over the batch,
 * all heads, pixels and the tokens given.
 *
 * @param tokens columns of the maps, 0 the start token
 * @param mask which pixels count, [B, 1, H', W'], borrowed: resized to each layer by nearest
 *     neighbor, those above 0.5; null: all
 * @param layerByLayer the sum of each layer's norm, or one norm of all layers together
 */
public record AttentionLoss(List<Integer> tokens, @Nullable NDArray mask, boolean layerByLayer) {

  /** Throws {@link IllegalArgumentException} if there is no token. */
  public AttentionLoss {
    tokens = List.copyOf(tokens);
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("no token to take attention from");
    }
  }

  /** |concatenated A^(l)[:, tokens]|: Forget-Me-Not. */
  public static AttentionLoss together(List<Integer> tokens) {
    return new AttentionLoss(tokens, null, false);
  }

  /** sum_l |A^(l)[masked pixels, tokens]|: MACE. */
  public static AttentionLoss byLayer(List<Integer> tokens, @Nullable NDArray mask) {
    return new AttentionLoss(tokens, mask, true);
  }
}
