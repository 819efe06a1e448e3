package org.realera.checkpoint;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.ClipTextLayout;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.checkpoint.architecture.UNetLayout;
import org.realera.checkpoint.architecture.VaeConfig;
import org.realera.checkpoint.architecture.VaeLayout;

/**
 * What the tensors of Stable Diffusion 1.x and 2.x are called in the layout they were published in
 * (CompVis's {@code ldm}; the single files of model sites), by what diffusers calls them. The rules
 * name modules; every tensor below a module keeps the rest of its name. Only the text encoder of
 * 2.x is called otherwise: {@link OpenClipKeys}.
 */
final class LdmKeys {
  static final String UNET = "model.diffusion_model.";
  static final String VAE = "first_stage_model.";
  static final String TEXT = "cond_stage_model.transformer.";

  /** A buffer that older versions saved along; kept where it is, asked for nowhere. */
  static final String POSITION_IDS = "text_model.embeddings.position_ids";

  static final String TOKENS = "text_model.embeddings.token_embedding.weight";

  /** A resnet's modules in the U-Net; the VAE's differ in the last one only. */
  private static final Map<String, String> UNET_RESNET =
      Map.of(
          "norm1", "in_layers.0",
          "conv1", "in_layers.2",
          "time_emb_proj", "emb_layers.1",
          "norm2", "out_layers.0",
          "conv2", "out_layers.3",
          "conv_shortcut", "skip_connection");

  private static final Map<String, String> VAE_ATTENTION =
      Map.of("group_norm", "norm", "to_q", "q", "to_k", "k", "to_v", "v", "to_out.0", "proj_out");

  private final SortedMap<String, String> modules = new TreeMap<>();

  private LdmKeys() {}

  /**
   * A tensor of the original layout.
   *
   * @param name with its component's prefix
   * @param shape diffusers' shape
   * @param original as it is stored there; differs for the VAE's attention, whose linear layers
   *     were 1 x 1 convolutions, and for what is stored as part of a larger tensor
   * @param first the element of the stored tensor that is the first of this one
   */
  record Key(String name, List<Long> shape, List<Long> original, long first) {
    static Key whole(String name, List<Long> shape) {
      return new Key(name, shape, shape, 0);
    }

    /** Whether it is stored together with others. */
    boolean isPart() {
      return elements(shape) < elements(original);
    }

    private static long elements(List<Long> shape) {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /** The same for all components. */
  static SortedMap<String, SortedMap<String, Key>> of(
      UNetConfig unet, VaeConfig vae, ClipTextConfig text, boolean openClip) {
    return new TreeMap<>(
        Map.of(
            Checkpoint.UNET, unet(unet),
            Checkpoint.VAE, vae(vae),
            Checkpoint.TEXT_ENCODER, openClip ? OpenClipKeys.of(text) : text(text)));
  }

  /** diffusers' name of every tensor of the component to its original name. */
  static SortedMap<String, Key> unet(UNetConfig config) {
    LdmKeys keys = new LdmKeys();
    keys.put("conv_in", "input_blocks.0.0");
    keys.put("time_embedding.linear_1", "time_embed.0");
    keys.put("time_embedding.linear_2", "time_embed.2");
    keys.put("conv_norm_out", "out.0");
    keys.put("conv_out", "out.2");
    keys.down(config);
    keys.unetResnet("mid_block.resnets.0", "middle_block.0");
    keys.put("mid_block.attentions.0", "middle_block.1");
    keys.unetResnet("mid_block.resnets.1", "middle_block.2");
    keys.up(config);
    return keys.apply(UNET, UNetLayout.of(config));
  }

  /** Inputs are numbered through: conv_in, then each layer and each downsampler is a block. */
  private void down(UNetConfig config) {
    int block = 1;
    int blocks = config.downBlockTypes().size();
    for (int i = 0; i < blocks; i++) {
      String name = "down_blocks." + i;
      boolean cross = config.downBlockTypes().get(i).equals(UNetConfig.CROSS_DOWN);
      for (int j = 0; j < config.layersPerBlock(); j++, block++) {
        unetResnet(name + ".resnets." + j, "input_blocks." + block + ".0");
        if (cross) {
          put(name + ".attentions." + j, "input_blocks." + block + ".1");
        }
      }
      if (i < blocks - 1) {
        put(name + ".downsamplers.0.conv", "input_blocks." + block++ + ".0.op");
      }
    }
  }

  /** Outputs likewise, but an upsampler is the last part of the block before it. */
  private void up(UNetConfig config) {
    int block = 0;
    int blocks = config.upBlockTypes().size();
    for (int i = 0; i < blocks; i++) {
      String name = "up_blocks." + i;
      boolean cross = config.upBlockTypes().get(i).equals(UNetConfig.CROSS_UP);
      for (int j = 0; j <= config.layersPerBlock(); j++, block++) {
        String original = "output_blocks." + block;
        unetResnet(name + ".resnets." + j, original + ".0");
        if (cross) {
          put(name + ".attentions." + j, original + ".1");
        }
        if (j == config.layersPerBlock() && i < blocks - 1) {
          put(name + ".upsamplers.0.conv", original + (cross ? ".2.conv" : ".1.conv"));
        }
      }
    }
  }

  private void unetResnet(String name, String original) {
    UNET_RESNET.forEach((part, ldm) -> put(name + "." + part, original + "." + ldm));
  }

  /** diffusers' name of every tensor of the component to its original name. */
  static SortedMap<String, Key> vae(VaeConfig config) {
    LdmKeys keys = new LdmKeys();
    keys.put("quant_conv", "quant_conv");
    keys.put("post_quant_conv", "post_quant_conv");
    int last = config.blockOutChannels().size() - 1;
    for (String half : List.of("encoder", "decoder")) {
      keys.put(half + ".conv_in", half + ".conv_in");
      keys.put(half + ".conv_norm_out", half + ".norm_out");
      keys.put(half + ".conv_out", half + ".conv_out");
      keys.vaeResnet(half + ".mid_block.resnets.0", half + ".mid.block_1");
      keys.vaeResnet(half + ".mid_block.resnets.1", half + ".mid.block_2");
      VAE_ATTENTION.forEach(
          (part, ldm) ->
              keys.put(half + ".mid_block.attentions.0." + part, half + ".mid.attn_1." + ldm));
    }
    for (int i = 0; i <= last; i++) {
      // The decoder's blocks were numbered by resolution, not in the order in which they run.
      keys.vaeBlock("encoder.down_blocks." + i, "encoder.down." + i, config.layersPerBlock());
      keys.vaeBlock(
          "decoder.up_blocks." + i, "decoder.up." + (last - i), config.layersPerBlock() + 1);
    }
    return keys.apply(VAE, VaeLayout.of(config));
  }

  private void vaeBlock(String name, String original, int layers) {
    for (int j = 0; j < layers; j++) {
      vaeResnet(name + ".resnets." + j, original + ".block." + j);
    }
    put(name + ".downsamplers.0.conv", original + ".downsample.conv");
    put(name + ".upsamplers.0.conv", original + ".upsample.conv");
  }

  private void vaeResnet(String name, String original) {
    put(name, original);
    put(name + ".conv_shortcut", original + ".nin_shortcut");
  }

  /** diffusers' name of every tensor of the component to its original name. */
  static SortedMap<String, Key> text(ClipTextConfig config) {
    LdmKeys keys = new LdmKeys();
    keys.put("text_model", "text_model");
    return keys.apply(TEXT, ClipTextLayout.of(config));
  }

  private void put(String module, String original) {
    modules.put(module, original);
  }

  private SortedMap<String, Key> apply(String prefix, SortedMap<String, List<Long>> layout) {
    SortedMap<String, Key> keys = new TreeMap<>();
    layout.forEach(
        (name, shape) ->
            keys.put(name, new Key(prefix + original(name), shape, original(name, shape), 0)));
    return Collections.unmodifiableSortedMap(keys);
  }

  private String original(String name) {
    for (int end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
      String original = modules.get(name.substring(0, end));
      if (original != null) {
        return original + name.substring(end);
      }
    }
    throw new IllegalStateException("no rule for " + name);
  }

  /** Only a VAE has attention without {@code attn1} and {@code attn2}. */
  private static List<Long> original(String name, List<Long> shape) {
    boolean convolution =
        shape.size() == 2
            && VAE_ATTENTION.keySet().stream()
                .anyMatch(part -> name.endsWith(".mid_block.attentions.0." + part + ".weight"));
    return convolution ? List.of(shape.get(0), shape.get(1), 1L, 1L) : shape;
  }
}
