package org.realera.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.ClipTextLayout;

/**
 * What the tensors of Stable Diffusion 2.x's text encoder are called in the layout it was published
 * in (OpenCLIP's), by what transformers calls them. There, an attention's queries, keys and values
 * are one tensor.
 *
 * <p>The published encoder has one layer more, a projection and a temperature, none of which Stable
 * Diffusion uses: it takes what comes out of the layer before the last. They are asked for nowhere.
 */
final class OpenClipKeys {
  static final String TEXT = "cond_stage_model.model.";

  /** Stands in every such encoder. */
  static final String LAYERS = TEXT + "transformer.resblocks.";

  private static final Pattern LAYER =
      Pattern.compile("text_model\\.encoder\\.layers\\.(\\d+)\\.(.+)\\.(weight|bias)");

  private static final Map<String, String> OUTSIDE =
      Map.of(
          LdmKeys.TOKENS,
          "token_embedding.weight",
          "text_model.embeddings.position_embedding.weight",
          "positional_embedding",
          "text_model.final_layer_norm.weight",
          "ln_final.weight",
          "text_model.final_layer_norm.bias",
          "ln_final.bias");

  private static final Map<String, String> IN_LAYER =
      Map.of(
          "layer_norm1", "ln_1",
          "layer_norm2", "ln_2",
          "mlp.fc1", "mlp.c_fc",
          "mlp.fc2", "mlp.c_proj",
          "self_attn.out_proj", "attn.out_proj");

  /** In the order in which they lie in the tensor. */
  private static final List<String> FUSED =
      List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");

  private OpenClipKeys() {}

  /** transformers' name of every tensor of the text encoder to its original name. */
  static SortedMap<String, LdmKeys.Key> of(ClipTextConfig config) {
    SortedMap<String, LdmKeys.Key> keys = new TreeMap<>();
    ClipTextLayout.of(config).forEach((name, shape) -> keys.put(name, key(name, shape)));
    return Collections.unmodifiableSortedMap(keys);
  }

  private static LdmKeys.Key key(String name, List<Long> shape) {
    String outside = OUTSIDE.get(name);
    if (outside != null) {
      return LdmKeys.Key.whole(TEXT + outside, shape);
    }
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      throw new IllegalStateException("no rule for " + name);
    }
    String block = LAYERS + layer.group(1) + ".";
    String kind = layer.group(3);
    int part = FUSED.indexOf(layer.group(2));
    if (part < 0) {
      return LdmKeys.Key.whole(block + IN_LAYER.get(layer.group(2)) + "." + kind, shape);
    }
    List<Long> original = new ArrayList<>(shape);
    original.set(0, FUSED.size() * shape.get(0));
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    return new LdmKeys.Key(
        block + "attn.in_proj_" + kind, shape, List.copyOf(original), part * elements);
  }
}
