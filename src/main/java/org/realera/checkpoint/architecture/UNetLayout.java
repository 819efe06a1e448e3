package org.realera.checkpoint.architecture;

import java.util.List;
import java.util.SortedMap;

/** The tensors of a U-Net of this configuration: 686 for SD v1.4. */
public final class UNetLayout {
  private final TensorLayout layout = new TensorLayout();
  private final UNetConfig config;
  private final int timeWidth;

  private UNetLayout(UNetConfig config) {
    this.config = config;
    this.timeWidth = 4 * config.blockOutChannels().get(0);
  }

  /** Names and shapes, as diffusers has them. */
  public static SortedMap<String, List<Long>> of(UNetConfig config) {
    UNetLayout unet = new UNetLayout(config);
    unet.ends();
    unet.down();
    unet.middle();
    unet.up();
    return unet.layout.shapes();
  }

  private void ends() {
    int first = config.blockOutChannels().get(0);
    layout.conv("conv_in", config.inChannels(), first, 3);
    layout.linear("time_embedding.linear_1", first, timeWidth, true);
    layout.linear("time_embedding.linear_2", timeWidth, timeWidth, true);
    layout.norm("conv_norm_out", first);
    layout.conv("conv_out", first, config.outChannels(), 3);
  }

  private void down() {
    List<Integer> channels = config.blockOutChannels();
    for (int i = 0; i < channels.size(); i++) {
      String block = "down_blocks." + i;
      int in = channels.get(Math.max(0, i - 1));
      int out = channels.get(i);
      for (int j = 0; j < config.layersPerBlock(); j++) {
        layout.resnet(block + ".resnets." + j, j == 0 ? in : out, out, timeWidth);
        if (config.downBlockTypes().get(i).equals(UNetConfig.CROSS_DOWN)) {
          transformer(block + ".attentions." + j, out);
        }
      }
      if (i < channels.size() - 1) {
        layout.conv(block + ".downsamplers.0.conv", out, out, 3);
      }
    }
  }

  private void middle() {
    int width = config.blockOutChannels().get(config.blockOutChannels().size() - 1);
    layout.resnet("mid_block.resnets.0", width, width, timeWidth);
    transformer("mid_block.attentions.0", width);
    layout.resnet("mid_block.resnets.1", width, width, timeWidth);
  }

  private void up() {
    List<Integer> channels = config.blockOutChannels();
    int last = channels.size() - 1;
    for (int i = 0; i <= last; i++) {
      String block = "up_blocks." + i;
      int before = channels.get(Math.min(last, last - i + 1));
      int out = channels.get(last - i);
      int skipOfLast = channels.get(Math.max(0, last - i - 1));
      for (int j = 0; j <= config.layersPerBlock(); j++) {
        int in = j == 0 ? before : out;
        int skip = j == config.layersPerBlock() ? skipOfLast : out;
        layout.resnet(block + ".resnets." + j, in + skip, out, timeWidth);
        if (config.upBlockTypes().get(i).equals(UNetConfig.CROSS_UP)) {
          transformer(block + ".attentions." + j, out);
        }
      }
      if (i < last) {
        layout.conv(block + ".upsamplers.0.conv", out, out, 3);
      }
    }
  }

  /** diffusers' {@code Transformer2DModel} with one block. */
  private void transformer(String name, int width) {
    layout.norm(name + ".norm", width);
    projection(name + ".proj_in", width);
    String block = name + ".transformer_blocks.0";
    for (int i = 1; i <= 3; i++) {
      layout.norm(block + ".norm" + i, width);
    }
    attention(block + ".attn1", width, width);
    attention(block + ".attn2", width, config.crossAttentionDim());
    // GEGLU: value and gate side by side, each four times as wide.
    layout.linear(block + ".ff.net.0.proj", width, 8 * width, true);
    layout.linear(block + ".ff.net.2", 4 * width, width, true);
    projection(name + ".proj_out", width);
  }

  private void projection(String name, int width) {
    if (config.useLinearProjection()) {
      layout.linear(name, width, width, true);
    } else {
      layout.conv(name, width, width, 1);
    }
  }

  private void attention(String name, int width, int contextWidth) {
    layout.linear(name + ".to_q", width, width, false);
    layout.linear(name + ".to_k", contextWidth, width, false);
    layout.linear(name + ".to_v", contextWidth, width, false);
    layout.linear(name + ".to_out.0", width, width, true);
  }
}
