package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.diffusion.UNet;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

/**
 * The gradients that checkpointing finds by running each layer twice, beside those of one graph.
 */
class GradientCheckpointingTest {
  private static final double TOLERANCE = 1e-6;

  /** One model loaded both ways. */
  private static final class Pair implements AutoCloseable {
    final NDManager scope = NDManager.newBaseManager();
    final Weights weights;
    final UNet plain;
    final UNet checkpointing;
    private final long textWidth;

    Pair(String name, String dtype) {
      Path folder = name.equals("pocket") ? PocketModel.folder() : Golden.path(name);
      Checkpoint model = Checkpoint.open(folder);
      ComputeChoice choice = ComputeChoice.of("cpu", dtype);
      weights = model.openUnet();
      plain = UNet.load(weights, model.unetConfig(), Engine.compute(choice));
      checkpointing =
          UNet.load(
              weights, model.unetConfig(), Engine.compute(choice.gradientCheckpointing(true)));
      textWidth = model.unetConfig().crossAttentionDim();
    }

    /** Two samples. */
    UNet.Input input(int height, int width) {
      return new UNet.Input(
          new Noise(1).normal(scope, new Shape(2, 4, height, width)),
          scope.create(new long[] {50, 700}),
          new Noise(2).normal(scope, new Shape(2, 77, textWidth)));
    }

    NDArray target(UNet.Input input) {
      return new Noise(3).normal(scope, input.latents().getShape());
    }

    UNet.LossGradients noise(UNet unet, UNet.Input input, Edits edits, boolean fixed) {
      return noise(unet, input, edits, edits.tensors().keySet(), fixed);
    }

    UNet.LossGradients noise(
        UNet unet, UNet.Input input, Edits edits, Set<String> trained, boolean fixed) {
      double[] each = {0.3, 0.7};
      return unet.noiseGradients(scope, input, target(input), each, edits, trained, fixed);
    }

    /** Some of its weights as edits. */
    Edits whole(Predicate<String> chosen) {
      Map<String, NDArray> edits = new TreeMap<>();
      for (TensorInfo info : weights.tensors().values()) {
        if (chosen.test(info.name())) {
          NDArray stored = weights.read(info.name(), scope);
          edits.put(info.name(), stored.toType(DataType.FLOAT32, false));
        }
      }
      return new Edits(edits, 1);
    }

    /** Adapters of some linear layers. */
    Edits lora(Predicate<String> modules) {
      Map<String, NDArray> edits = new TreeMap<>();
      for (TensorInfo info : weights.tensors().values()) {
        if (info.name().endsWith(Edits.WEIGHT) && modules.test(Edits.module(info.name()))) {
          String module = Edits.module(info.name());
          long in = info.shape().get(1);
          long out = info.shape().get(0);
          edits.put(module + Edits.LORA_A, noise(4, 2, in));
          edits.put(module + Edits.LORA_B, noise(5, out, 2));
        }
      }
      return new Edits(edits, 0.5);
    }

    private NDArray noise(long seed, long... shape) {
      return new Noise(seed).normal(scope, new Shape(shape)).mul(0.1f);
    }

    @Override
    public void close() {
      plain.close();
      checkpointing.close();
      weights.close();
      scope.close();
    }
  }

  private static boolean keyOrValue(String module) {
    return module.endsWith("attn2.to_k") || module.endsWith("attn2.to_v");
  }

  private static void assertSame(UNet.LossGradients found, UNet.LossGradients expected) {
    assertThat(found.loss()).isCloseTo(expected.loss(), within(TOLERANCE * expected.loss()));
    assertThat(found.gradients().keySet()).isEqualTo(expected.gradients().keySet());
    expected
        .gradients()
        .forEach(
            (name, gradient) ->
                assertThat(Golden.relativeError(of(found, name), gradient))
                    .as(name)
                    .isLessThanOrEqualTo(TOLERANCE));
  }

  private static NDArray of(UNet.LossGradients gradients, String name) {
    return Objects.requireNonNull(gradients.gradients().get(name));
  }

  /** Bit for bit. */
  private static Set<String> different(UNet.LossGradients one, UNet.LossGradients other) {
    Set<String> names = new TreeSet<>(one.gradients().keySet());
    names.removeIf(name -> of(one, name).contentEquals(of(other, name)));
    return names;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2", "pocket"})
  void adaptersOfKeysAndValuesGetTheSameGradients(String name) {
    try (Pair pair = new Pair(name, "fp32")) {
      Edits edits = pair.lora(GradientCheckpointingTest::keyOrValue);
      UNet.Input input = pair.input(8, 8);
      for (boolean fixed : List.of(false, true)) {
        UNet.LossGradients found = pair.noise(pair.checkpointing, input, edits, fixed);
        assertThat(found.gradients()).hasSize(edits.tensors().size());
        assertSame(found, pair.noise(pair.plain, input, edits, fixed));
      }
    }
  }

  /** All but cross-attention, as ESD-u trains, the time embedding among them. */
  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2", "pocket"})
  void wholeWeightsGetTheSameGradientsAtAnySize(String name) {
    try (Pair pair = new Pair(name, "fp32")) {
      Edits edits = pair.whole(n -> !n.contains("attn2"));
      UNet.Input odd = pair.input(7, 9);
      UNet.LossGradients found = pair.noise(pair.checkpointing, odd, edits, false);
      assertThat(found.gradients()).containsKey("time_embedding.linear_1.weight");
      assertThat(found.gradients()).containsKey("conv_in.weight");
      assertSame(found, pair.noise(pair.plain, odd, edits, false));
    }
  }

  /** Where the first trained layer lies decides how far back the layers are run. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv_in.weight",
        "time_embedding.linear_2.bias",
        "down_blocks.0.downsamplers.0.conv.weight",
        "mid_block.resnets.1.conv1.weight",
        "up_blocks.0.upsamplers.0.conv.bias",
        "conv_norm_out.weight",
        "conv_out.bias"
      })
  void oneTrainedTensorAnywhereIsEnough(String name) {
    try (Pair pair = new Pair("tiny-sd", "fp32")) {
      UNet.Input input = pair.input(8, 8);
      Edits edits = pair.whole(n -> true);
      UNet.LossGradients found = pair.noise(pair.checkpointing, input, edits, Set.of(name), false);
      assertThat(found.gradients()).containsOnlyKeys(name);
      assertSame(found, pair.noise(pair.plain, input, edits, Set.of(name), false));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2", "pocket"})
  void theTextGetsTheSameGradient(String name) {
    try (Pair pair = new Pair(name, "fp32")) {
      UNet.Input input = pair.input(8, 8);
      Edits edits = pair.lora(GradientCheckpointingTest::keyOrValue);
      NDArray target = pair.target(input);
      var found = pair.checkpointing.textGradients(pair.scope, input, target, edits);
      var expected = pair.plain.textGradients(pair.scope, input, target, edits);
      assertThat(found.losses()).isEqualTo(expected.losses());
      assertThat(Golden.relativeError(found.gradient(), expected.gradient()))
          .isLessThanOrEqualTo(TOLERANCE);
    }
  }

  /** bf16 has eight bits, and sums in another order differ in the last. */
  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2"})
  void aNetworkInBf16GivesTheSameAsFarAsItsDigitsGo(String name) {
    try (Pair pair = new Pair(name, "bf16")) {
      UNet.Input input = pair.input(8, 8);
      Edits edits = pair.whole(n -> true);
      UNet.LossGradients found = pair.noise(pair.checkpointing, input, edits, false);
      UNet.LossGradients expected = pair.noise(pair.plain, input, edits, false);
      assertThat(found.loss()).isEqualTo(expected.loss());
      assertThat(found.gradients().keySet()).isEqualTo(expected.gradients().keySet());
      expected
          .gradients()
          .forEach(
              (n, gradient) ->
                  assertThat(Golden.relativeError(of(found, n), gradient)).as(n).isLessThan(0.1));
    }
  }

  @Test
  void theSameBytesComeTwiceAndPredictionsAreThoseWithout() {
    try (Pair pair = new Pair("tiny-sd", "fp32")) {
      UNet.Input input = pair.input(8, 8);
      Edits edits = pair.whole(n -> true);
      UNet.LossGradients once = pair.noise(pair.checkpointing, input, edits, false);
      assertThat(different(once, pair.noise(pair.checkpointing, input, edits, false))).isEmpty();
      assertThat(predict(pair, pair.checkpointing, input, edits))
          .isEqualTo(predict(pair, pair.plain, input, edits));
    }
  }

  /** What is wanted is the other way, not the same one twice: its sums have another order. */
  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2", "pocket"})
  void theLastDigitsTellTheWays(String name) {
    try (Pair pair = new Pair(name, "fp32")) {
      UNet.Input input = pair.input(8, 8);
      Edits edits = pair.whole(n -> n.startsWith("down_blocks.0."));
      assertThat(
              different(
                  pair.noise(pair.checkpointing, input, edits, false),
                  pair.noise(pair.plain, input, edits, false)))
          .isNotEmpty();
    }
  }

  private static float[] predict(Pair pair, UNet unet, UNet.Input in, Edits edits) {
    return unet.predict(pair.scope, in.latents(), in.timesteps(), in.text(), edits).toFloatArray();
  }
}
