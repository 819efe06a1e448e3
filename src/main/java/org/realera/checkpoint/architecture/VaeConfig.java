package org.realera.checkpoint.architecture;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What {@code vae/config.json} says (diffusers' {@code AutoencoderKL}). Its group norms use epsilon
 * 1e-6 whatever the size.
 *
 * @param inChannels image channels in
 * @param outChannels image channels out
 * @param latentChannels channels of the latents; the encoder's last layer has twice as many (mean
 *     and log variance)
 * @param blockOutChannels channels of each resolution, highest resolution first; images are 2^(n-1)
 *     times as wide as latents
 * @param layersPerBlock resnets of each encoder block (a decoder block has one more)
 * @param normNumGroups groups of every group norm
 * @param actFn {@code silu} or {@code gelu}
 * @param scalingFactor what latents are multiplied by after encoding, 0.18215 for SD v1.4
 * @param sampleSize image size it was trained at
 */
public record VaeConfig(
    int inChannels,
    int outChannels,
    int latentChannels,
    List<Integer> blockOutChannels,
    int layersPerBlock,
    int normNumGroups,
    String actFn,
    double scalingFactor,
    int sampleSize) {

  private static final int MOST_CHANNELS = 65_536;
  private static final int MOST_LAYERS = 64;

  /**
   * Reads a config.json.
   *
   * @throws org.realera.RealeraException not found or damaged; names file, key, expected and found
   */
  public static VaeConfig read(Path file) {
    ConfigJson json = ConfigJson.read(file);
    json.mustBe("_class_name", Set.of("AutoencoderKL"));
    for (String key : List.of("shift_factor", "latents_mean", "latents_std")) {
      json.mustBeNull(key);
    }
    for (String key : List.of("use_quant_conv", "use_post_quant_conv", "mid_block_add_attention")) {
      json.mustBe(key, Set.of("true"));
    }
    List<Integer> channels = json.counts("block_out_channels", List.of(64), 0, MOST_CHANNELS);
    checkTypes(json, "down_block_types", "DownEncoderBlock2D", channels.size());
    checkTypes(json, "up_block_types", "UpDecoderBlock2D", channels.size());
    VaeConfig config =
        new VaeConfig(
            json.count("in_channels", 3, MOST_CHANNELS),
            json.count("out_channels", 3, MOST_CHANNELS),
            json.count("latent_channels", 4, MOST_CHANNELS),
            channels,
            json.count("layers_per_block", 1, MOST_LAYERS),
            json.count("norm_num_groups", 32, MOST_CHANNELS),
            json.oneOf("act_fn", "silu", Set.of("silu", "swish", "gelu")),
            json.real("scaling_factor", 0.18215),
            json.sampleSize(32));
    if (channels.stream().anyMatch(c -> c % config.normNumGroups() != 0)) {
      throw json.wrong(
          "block_out_channels", "multiples of norm_num_groups " + config.normNumGroups(), channels);
    }
    return config;
  }

  private static void checkTypes(ConfigJson json, String key, String only, int size) {
    List<String> types = json.texts(key, List.of(only), Set.of(only));
    if (types.size() != size) {
      throw json.wrong(key, size + " types, as block_out_channels", types);
    }
  }

  /** How many times wider (and higher) an image is than its latents: 8 for SD v1.4. */
  public int scale() {
    return 1 << (blockOutChannels.size() - 1);
  }
}
