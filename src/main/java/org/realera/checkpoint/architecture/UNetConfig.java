package org.realera.checkpoint.architecture;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.realera.RealeraException;

/**
 * What {@code unet/config.json} says, as far as a Stable Diffusion 1.x U-Net of any size needs it
 * (diffusers' {@code UNet2DConditionModel}).
 *
 * @param sampleSize latents' height and width the model was trained at (64 for SD v1.4)
 * @param inChannels latent channels in
 * @param outChannels latent channels out
 * @param blockOutChannels channels of each resolution, highest resolution first
 * @param downBlockTypes {@code CrossAttnDownBlock2D} or {@code DownBlock2D} for each resolution
 * @param upBlockTypes {@code UpBlock2D} or {@code CrossAttnUpBlock2D}, lowest resolution first
 * @param layersPerBlock resnets of each down block (an up block has one more)
 * @param crossAttentionDim width of the text embedding
 * @param attentionHeads number of heads at each resolution, highest first; the file calls it {@code
 *     attention_head_dim}, a slip that diffusers keeps for old files
 * @param normNumGroups groups of every group norm
 * @param normEps epsilon of the resnets' and the output group norms (transformers use 1e-6)
 * @param useLinearProjection whether proj_in and proj_out are linear layers (SD 2.x) or 1 x 1
 *     convolutions
 * @param flipSinToCos whether the timestep embedding is [cos, sin]
 * @param freqShift {@code downscale_freq_shift} of the timestep embedding
 * @param actFn {@code silu} or {@code gelu}
 * @param upcastAttention whether attention scores are computed in fp32
 */
public record UNetConfig(
    int sampleSize,
    int inChannels,
    int outChannels,
    List<Integer> blockOutChannels,
    List<String> downBlockTypes,
    List<String> upBlockTypes,
    int layersPerBlock,
    int crossAttentionDim,
    List<Integer> attentionHeads,
    int normNumGroups,
    double normEps,
    boolean useLinearProjection,
    boolean flipSinToCos,
    double freqShift,
    String actFn,
    boolean upcastAttention) {

  /** A block on the way down whose transformers look at the prompt. */
  public static final String CROSS_DOWN = "CrossAttnDownBlock2D";

  /** The same on the way up. */
  public static final String CROSS_UP = "CrossAttnUpBlock2D";

  private static final int STANDARD_SIZE = 64;

  /** Before 0.9.0. */
  private static final Pattern OLD_VERSION = Pattern.compile("0\\.[0-8](\\D|$)");

  private static final int MOST_CHANNELS = 65_536;
  private static final int MOST_LAYERS = 64;

  /**
   * Reads a config.json.
   *
   * @throws RealeraException not found or damaged; names file, key, expected and found
   */
  public static UNetConfig read(Path file) {
    ConfigJson json = ConfigJson.read(file);
    json.mustBe("_class_name", Set.of("UNet2DConditionModel"));
    refuseOtherArchitectures(json);
    List<Integer> channels =
        json.counts("block_out_channels", List.of(320, 640, 1280, 1280), 0, MOST_CHANNELS);
    int blocks = channels.size();
    List<String> down =
        json.texts(
            "down_block_types",
            List.of(CROSS_DOWN, CROSS_DOWN, CROSS_DOWN, "DownBlock2D"),
            Set.of(CROSS_DOWN, "DownBlock2D"));
    List<String> up =
        json.texts(
            "up_block_types",
            List.of("UpBlock2D", CROSS_UP, CROSS_UP, CROSS_UP),
            Set.of(CROSS_UP, "UpBlock2D"));
    if (down.size() != blocks) {
      throw json.wrong("down_block_types", blocks + " types, as block_out_channels", down);
    }
    if (up.size() != blocks) {
      throw json.wrong("up_block_types", blocks + " types, as block_out_channels", up);
    }
    List<Integer> heads = json.counts("attention_head_dim", List.of(8), blocks, MOST_CHANNELS);
    UNetConfig config =
        new UNetConfig(
            sampleSize(json),
            json.count("in_channels", 4, MOST_CHANNELS),
            json.count("out_channels", 4, MOST_CHANNELS),
            channels,
            down,
            up,
            json.same("layers_per_block", 2, blocks, MOST_LAYERS),
            json.same("cross_attention_dim", 1280, blocks, MOST_CHANNELS),
            heads.size() == blocks ? heads : Collections.nCopies(blocks, heads.get(0)),
            json.count("norm_num_groups", 32, MOST_CHANNELS),
            json.real("norm_eps", 1e-5),
            json.flag("use_linear_projection", false),
            json.flag("flip_sin_to_cos", true),
            json.real("freq_shift", 0),
            json.oneOf("act_fn", "silu", Set.of("silu", "swish", "gelu")),
            json.flag("upcast_attention", false));
    for (int i = 0; i < blocks; i++) {
      if (channels.get(i) % config.normNumGroups() != 0) {
        throw json.wrong(
            "block_out_channels",
            "multiples of norm_num_groups " + config.normNumGroups(),
            channels);
      }
      if (channels.get(i) % config.attentionHeads().get(i) != 0) {
        throw json.wrong("attention_head_dim", "a divisor of every entry of " + channels, heads);
      }
    }
    return config;
  }

  /** StableDiffusionPipeline takes 64 where a file of 2022 says less: the first ones said 32. */
  private static int sampleSize(ConfigJson json) {
    int size = json.sampleSize(STANDARD_SIZE);
    boolean isList = json.value("sample_size") instanceof ArrayNode;
    boolean isOld = OLD_VERSION.matcher(json.text("_diffusers_version", "")).lookingAt();
    return isOld && !isList ? Math.max(size, STANDARD_SIZE) : size;
  }

  private static void refuseOtherArchitectures(ConfigJson json) {
    // diffusers refuses num_attention_heads too: its name once stood for something else.
    for (String key :
        List.of(
            "num_attention_heads",
            "class_embed_type",
            "num_class_embeds",
            "addition_embed_type",
            "encoder_hid_dim",
            "encoder_hid_dim_type",
            "time_cond_proj_dim",
            "time_embedding_dim",
            "time_embedding_act_fn",
            "timestep_post_act",
            "cross_attention_norm",
            "reverse_transformer_layers_per_block")) {
      json.mustBeNull(key);
    }
    for (String key :
        List.of(
            "center_input_sample",
            "dual_cross_attention",
            "only_cross_attention",
            "mid_block_only_cross_attention",
            "resnet_skip_time_act",
            "class_embeddings_concat")) {
      json.mustBeOff(key);
    }
    for (String key : List.of("conv_in_kernel", "conv_out_kernel")) {
      json.mustBe(key, Set.of("3"));
    }
    json.mustBe("downsample_padding", Set.of("1"));
    json.mustBe("transformer_layers_per_block", Set.of("1"));
    json.mustBe("mid_block_scale_factor", Set.of("1", "1.0"));
    json.mustBe("resnet_out_scale_factor", Set.of("1", "1.0"));
    json.mustBe("mid_block_type", Set.of("UNetMidBlock2DCrossAttn"));
    json.mustBe("resnet_time_scale_shift", Set.of("default"));
    json.mustBe("time_embedding_type", Set.of("positional"));
    json.mustBe("attention_type", Set.of("default"));
  }
}
