package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.tensor.Networks;
import org.realera.tensor.Noise;
import org.realera.tensor.PackedWeights;
import org.realera.tensor.Precision;
import org.realera.tensor.TorchScript;

/** Packed weights are the same weights: in bf16 on a CPU that can, beside the network unpacked. */
class PackedUNetTest {
  private static final String CONVOLUTION = "mid_block.resnets.0.conv1.weight";
  private static final String LINEAR =
      "mid_block.attentions.0.transformer_blocks.0.attn2.to_v.weight";

  /** So small a bound packs all that can be packed, as tiny-sd's layers would not be else. */
  private static final long ALL = 1;

  private NDManager scope;
  private Weights weights;
  private UNet packed;
  private UNet plain;

  @BeforeEach
  void open() {
    Compute bf16 = Engine.compute("cpu", "bf16");
    assumeTrue(PackedWeights.serve(bf16), "this processor packs nothing in bf16");
    Checkpoint tiny = Checkpoint.open(Golden.path("tiny-sd"));
    scope = NDManager.newBaseManager(Device.cpu());
    weights = tiny.openUnet();
    packed = UNet.load(weights, tiny.unetConfig(), bf16, ALL);
    plain = UNet.load(weights, tiny.unetConfig(), bf16, Long.MAX_VALUE);
  }

  @AfterEach
  void close() {
    if (scope != null) {
      packed.close();
      plain.close();
      weights.close();
      scope.close();
    }
  }

  private NDArray latents() {
    return new Noise(1).normal(scope, new Shape(2, 4, 8, 8));
  }

  private NDArray text() {
    return new Noise(2).normal(scope, new Shape(2, 77, 32));
  }

  private NDArray when() {
    return scope.create(new long[] {500, 20});
  }

  private NDArray predicted(UNet unet, Edits edits) {
    return unet.predict(scope, latents(), when(), text(), edits);
  }

  /** bf16 has eight bits: sums in another order part by a few of the last, gradients by more. */
  private static void assertClose(NDArray actual, NDArray expected, float relative) {
    assertThat(actual.sub(expected).norm().getFloat())
        .isLessThan(relative * expected.norm().getFloat());
  }

  /** How many weights are packed of a network that is loaded as {@link UNet} loads it. */
  private long inOrderOfOneDnn(long packedFrom) {
    Compute bf16 = Engine.compute("cpu", "bf16");
    try (TorchScript network = Networks.load("unet", weights, bf16, packedFrom)) {
      return network.integer("packed");
    }
  }

  @Test
  void itPredictsTheSame() {
    assertThat(inOrderOfOneDnn(ALL)).isGreaterThan(50);
    assertThat(inOrderOfOneDnn(Long.MAX_VALUE)).isZero();
    assertClose(predicted(packed, Edits.NONE), predicted(plain, Edits.NONE), 0.05f);
  }

  /** What is edited takes the place of what was packed. */
  @Test
  void anEditCounts() {
    for (String name : new String[] {CONVOLUTION, LINEAR}) {
      NDArray tenfold = weights.read(name, scope).mul(10);
      Edits edits = new Edits(Map.of(name, tenfold), 1);
      NDArray expected = predicted(plain, edits);
      assertThat(expected.sub(predicted(plain, Edits.NONE)).norm().getFloat())
          .as("%s is seen", name)
          .isGreaterThan(0.05f * expected.norm().getFloat());
      assertClose(predicted(packed, edits), expected, 0.05f);
    }
  }

  /** LoRA stands beside a weight, packed or not, of a linear layer and of a convolution. */
  @Test
  void loraCountsBesideAPackedWeight() {
    Map<String, NDArray> lora =
        Map.of(
            name(LINEAR, Edits.LORA_A), new Noise(3).normal(scope, new Shape(2, 32)),
            name(LINEAR, Edits.LORA_B), new Noise(4).normal(scope, new Shape(32, 2)),
            name(CONVOLUTION, Edits.LORA_A), new Noise(5).normal(scope, new Shape(1, 32, 3, 3)),
            name(CONVOLUTION, Edits.LORA_B), new Noise(6).normal(scope, new Shape(32, 1, 1, 1)));
    Edits edits = new Edits(lora, 0.5);
    NDArray expected = predicted(plain, edits);
    assertThat(expected.sub(predicted(plain, Edits.NONE)).norm().getFloat())
        .isGreaterThan(0.05f * expected.norm().getFloat());
    assertClose(predicted(packed, edits), expected, 0.05f);
  }

  private static String name(String weight, String part) {
    return weight.substring(0, weight.length() - Edits.WEIGHT.length()) + part;
  }

  @Test
  void mapsAndGradientsAtTheTextAreTheSame() {
    Map<String, NDArray> ours =
        packed.crossAttention(scope, latents(), when(), text(), Edits.NONE).maps();
    plain
        .crossAttention(scope, latents(), when(), text(), Edits.NONE)
        .maps()
        .forEach((layer, map) -> assertClose(ours.get(layer), map, 0.05f));
    UNet.Input input = new UNet.Input(latents(), when(), text());
    assertClose(
        packed.textGradients(scope, input, latents(), Edits.NONE).gradient(),
        plain.textGradients(scope, input, latents(), Edits.NONE).gradient(),
        0.1f);
  }

  /** A checkpointed layer is run packed, and once more, unpacked, on the way back. */
  @Test
  void checkpointedGradientsAreTheSame() {
    Checkpoint tiny = Checkpoint.open(Golden.path("tiny-sd"));
    Compute bf16 = new Compute(Device.cpu(), Precision.BF16, true);
    try (UNet checkpointed = UNet.load(weights, tiny.unetConfig(), bf16, ALL)) {
      assertGradients(checkpointed);
    }
  }

  @Test
  void gradientsGoThroughTheWeightsAsTheyWere() {
    assertGradients(packed);
  }

  private void assertGradients(UNet unet) {
    Edits edits = new Edits(Map.of(LINEAR, weights.read(LINEAR, scope)), 1);
    UNet.Input input = new UNet.Input(latents(), when(), text());
    double[] even = {0.5, 0.5};
    UNet.LossGradients ours =
        unet.noiseGradients(scope, input, latents(), even, edits, Set.of(LINEAR), false);
    UNet.LossGradients theirs =
        plain.noiseGradients(scope, input, latents(), even, edits, Set.of(LINEAR), false);
    assertClose(ours.gradients().get(LINEAR), theirs.gradients().get(LINEAR), 0.1f);
    assertThat(ours.loss()).isCloseTo(theirs.loss(), within(0.02));
  }
}
