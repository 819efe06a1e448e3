package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

/**
 * What a method costs is told in samples that went through the U-Net, however many it took at once.
 */
class UNetPassesTest {
  private static final String TRAINED =
      "mid_block.attentions.0.transformer_blocks.0.attn2.to_v.weight";

  private NDManager scope;
  private Weights weights;
  private UNet unet;

  @BeforeEach
  void open() {
    Checkpoint tiny = Checkpoint.open(Golden.path("tiny-sd"));
    scope = NDManager.newBaseManager(Device.cpu());
    weights = tiny.openUnet();
    unet = UNet.load(weights, tiny.unetConfig(), Engine.compute("cpu", "fp32"));
  }

  @AfterEach
  void close() {
    unet.close();
    weights.close();
    scope.close();
  }

  private UNet.Input input(int samples) {
    return new UNet.Input(
        latents(samples),
        scope.zeros(new Shape(samples)),
        new Noise(2).normal(scope, new Shape(samples, 77, 32)));
  }

  private NDArray latents(int samples) {
    return new Noise(1).normal(scope, new Shape(samples, 4, 8, 8));
  }

  @Test
  void everySampleCountsHoweverManyGoThroughTogether() {
    assertThat(unet.passes()).isZero();
    UNet.Input three = input(3);
    unet.predict(scope, three.latents(), three.timesteps(), three.text(), Edits.NONE);
    assertThat(unet.passes()).isEqualTo(3);
    UNet.Input one = input(1);
    unet.predict(scope, one.latents(), one.timesteps(), one.text(), Edits.NONE);
    assertThat(unet.passes()).isEqualTo(4);
    UNet.Input two = input(2);
    unet.crossAttention(scope, two.latents(), two.timesteps(), two.text(), Edits.NONE);
    assertThat(unet.passes()).isEqualTo(6);
    unet.textGradients(scope, two, latents(2), Edits.NONE);
    assertThat(unet.passes()).isEqualTo(8);
    Edits edits = new Edits(Map.of(TRAINED, weights.read(TRAINED, scope)), 1);
    double[] even = {0.5, 0.5};
    unet.noiseGradients(scope, two, latents(2), even, edits, Set.of(TRAINED), false);
    assertThat(unet.passes()).isEqualTo(10);
    AttentionLoss loss = AttentionLoss.together(List.of(1));
    unet.attentionGradients(scope, one, loss, edits, Set.of(TRAINED));
    assertThat(unet.passes()).isEqualTo(11);
  }
}
