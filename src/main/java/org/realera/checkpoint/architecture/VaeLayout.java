package org.realera.checkpoint.architecture;

import java.util.List;
import java.util.SortedMap;

/** The tensors of a VAE of this configuration, attention under its present names: 248 for SD v1. */
public final class VaeLayout {
  private final TensorLayout layout = new TensorLayout();
  private final VaeConfig config;

  private VaeLayout(VaeConfig config) {
    this.config = config;
  }

  /** Names and shapes, as diffusers has them. */
  public static SortedMap<String, List<Long>> of(VaeConfig config) {
    VaeLayout vae = new VaeLayout(config);
    vae.encoder();
    vae.decoder();
    return vae.layout.shapes();
  }

  private void encoder() {
    List<Integer> channels = config.blockOutChannels();
    int last = channels.size() - 1;
    int moments = 2 * config.latentChannels();
    layout.conv("encoder.conv_in", config.inChannels(), channels.get(0), 3);
    for (int i = 0; i <= last; i++) {
      String block = "encoder.down_blocks." + i;
      int out = channels.get(i);
      for (int j = 0; j < config.layersPerBlock(); j++) {
        int in = j == 0 ? channels.get(Math.max(0, i - 1)) : out;
        layout.resnet(block + ".resnets." + j, in, out, 0);
      }
      if (i < last) {
        layout.conv(block + ".downsamplers.0.conv", out, out, 3);
      }
    }
    middle("encoder.mid_block", channels.get(last));
    layout.norm("encoder.conv_norm_out", channels.get(last));
    layout.conv("encoder.conv_out", channels.get(last), moments, 3);
    layout.conv("quant_conv", moments, moments, 1);
  }

  private void decoder() {
    List<Integer> channels = config.blockOutChannels();
    int last = channels.size() - 1;
    layout.conv("post_quant_conv", config.latentChannels(), config.latentChannels(), 1);
    layout.conv("decoder.conv_in", config.latentChannels(), channels.get(last), 3);
    middle("decoder.mid_block", channels.get(last));
    for (int i = 0; i <= last; i++) {
      String block = "decoder.up_blocks." + i;
      int out = channels.get(last - i);
      for (int j = 0; j <= config.layersPerBlock(); j++) {
        int in = j == 0 ? channels.get(Math.min(last, last - i + 1)) : out;
        layout.resnet(block + ".resnets." + j, in, out, 0);
      }
      if (i < last) {
        layout.conv(block + ".upsamplers.0.conv", out, out, 3);
      }
    }
    layout.norm("decoder.conv_norm_out", channels.get(0));
    layout.conv("decoder.conv_out", channels.get(0), config.outChannels(), 3);
  }

  private void middle(String name, int width) {
    layout.resnet(name + ".resnets.0", width, width, 0);
    String attention = name + ".attentions.0";
    layout.norm(attention + ".group_norm", width);
    for (String part : List.of("to_q", "to_k", "to_v", "to_out.0")) {
      layout.linear(attention + "." + part, width, width, true);
    }
    layout.resnet(name + ".resnets.1", width, width, 0);
  }
}
