package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.diffusion.AttentionLoss;
import org.realera.diffusion.UNet;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/**
 * Edits of every kind of layer, the cross-attention's maps and the gradients that methods train by,
 * against diffusers and autograd in float64: scripts/golden/unet_training.py.
 */
class UNetTrainingParityTest {
  private static final double TOLERANCE = 1e-5;

  /** A network with what is expected of it. */
  private record Case(TestModel model, Golden golden) implements AutoCloseable {
    static Case of(String name) {
      return new Case(
          new TestModel(Golden.path(name), Engine.compute("cpu", "fp32")),
          Golden.open(name + "-training.safetensors"));
    }

    UNet unet() {
      return model.unet();
    }

    UNet.Input input() {
      return new UNet.Input(golden.get("latents"), golden.get("timesteps"), golden.get("text"));
    }

    Edits edits() {
      return new Edits(golden.all("edit."), 0.5);
    }

    NDArray predict(Edits edits) {
      UNet.Input in = input();
      return unet().predict(golden.scope(), in.latents(), in.timesteps(), in.text(), edits);
    }

    UNet.AttentionMaps crossAttention(Edits edits) {
      UNet.Input in = input();
      return unet().crossAttention(golden.scope(), in.latents(), in.timesteps(), in.text(), edits);
    }

    UNet.LossGradients noise(Set<String> trained, boolean startFixed) {
      double[] weights = {0.3, 0.7};
      NDArray target = golden.get("target");
      return unet()
          .noiseGradients(golden.scope(), input(), target, weights, edits(), trained, startFixed);
    }

    UNet.LossGradients attention(AttentionLoss loss, Set<String> trained) {
      return unet().attentionGradients(golden.scope(), input(), loss, edits(), trained);
    }

    List<Integer> tokens() {
      return Arrays.stream(golden.get("tokens").toLongArray()).mapToObj(i -> (int) i).toList();
    }

    /** Loss and all gradients, and no others. */
    void assertGradients(String prefix, UNet.LossGradients found) {
      double loss = golden.get(prefix + "loss").getFloat();
      assertThat(found.loss()).isCloseTo(loss, within(TOLERANCE * loss));
      assertThat(found.gradients().keySet()).isEqualTo(golden.all(prefix + "gradient.").keySet());
      found
          .gradients()
          .forEach((name, g) -> golden.assertClose(prefix + "gradient." + name, g, TOLERANCE));
    }

    @Override
    public void close() {
      golden.close();
      model.close();
    }
  }

  private static Edits some(Edits edits, Predicate<String> chosen) {
    Map<String, NDArray> left = new TreeMap<>(edits.tensors());
    left.keySet().removeIf(chosen.negate());
    return new Edits(left, edits.loraScale());
  }

  private static boolean isLora(String name) {
    return name.endsWith(Edits.LORA_A) || name.endsWith(Edits.LORA_B);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2"})
  void anyTensorTakesAnEditAndAnyLayerAnAdapter(String name) {
    try (Case c = Case.of(name)) {
      Edits edits = c.edits();
      c.golden.assertClose("eps", c.predict(Edits.NONE), TOLERANCE);
      Edits whole = some(edits, n -> !isLora(n));
      c.golden.assertClose("eps_whole", c.predict(whole), TOLERANCE);
      Edits lora = some(edits, UNetTrainingParityTest::isLora);
      c.golden.assertClose("eps_lora", c.predict(lora), TOLERANCE);
      c.golden.assertClose("eps_edited", c.predict(edits), TOLERANCE);
      c.golden.assertClose("eps", c.predict(Edits.NONE), TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2"})
  void theMapsAreThoseOfDiffusersInTheOrderOfTheNetwork(String name) {
    try (Case c = Case.of(name)) {
      UNet.AttentionMaps found = c.crossAttention(Edits.NONE);
      c.golden.assertClose("eps", found.eps(), TOLERANCE);
      assertThat(found.maps().keySet().stream().map(n -> n.substring(0, n.indexOf(".trans"))))
          .containsExactly(
              "down_blocks.0.attentions.0",
              "mid_block.attentions.0",
              "up_blocks.1.attentions.0",
              "up_blocks.1.attentions.1");
      found.maps().forEach((module, map) -> c.golden.assertClose("map." + module, map, TOLERANCE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2"})
  void gradientsOfTheNoiseLossAreAutogradsForEveryKindOfEdit(String name) {
    try (Case c = Case.of(name)) {
      c.assertGradients("noise.", c.noise(c.edits().tensors().keySet(), false));
      c.assertGradients("fixed.", c.noise(c.edits().tensors().keySet(), true));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2"})
  void whatIsNotTrainedIsConstant(String name) {
    try (Case c = Case.of(name)) {
      Set<String> trained =
          Set.of("conv_in.weight", "conv_out.bias", "up_blocks.0.upsamplers.0.conv.lora_B");
      UNet.LossGradients found = c.noise(trained, false);
      assertThat(found.gradients()).containsOnlyKeys(trained);
      found
          .gradients()
          .forEach((n, g) -> c.golden.assertClose("noise.gradient." + n, g, TOLERANCE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2"})
  void gradientsOfAttentionAreAutogradsAndLeaveOutWhatComesAfterTheLastMap(String name) {
    try (Case c = Case.of(name)) {
      Set<String> all = c.edits().tensors().keySet();
      List<Integer> tokens = c.tokens();
      UNet.LossGradients together = c.attention(AttentionLoss.together(tokens), all);
      c.assertGradients("together.", together);
      assertThat(together.gradients()).doesNotContainKey("conv_out.bias");
      NDArray mask = c.golden.get("mask");
      c.assertGradients("masked.", c.attention(AttentionLoss.byLayer(tokens, mask), all));
    }
  }

  /** The parts of a norm over layers, found from the maps themselves. */
  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd"})
  void withoutAMaskEveryPixelCountsAndAnEmptyMaskTakesNothing(String name) {
    try (Case c = Case.of(name)) {
      Set<String> trained = Set.of("conv_in.weight");
      double expected = 0;
      for (NDArray map : c.crossAttention(c.edits()).maps().values()) {
        List<NDArray> columns = new ArrayList<>();
        c.tokens().forEach(t -> columns.add(map.get("..., " + t).flatten()));
        double squares = 0;
        for (NDArray column : columns) {
          squares += column.square().sum().getFloat();
        }
        expected += Math.sqrt(squares);
      }
      double found = c.attention(AttentionLoss.byLayer(c.tokens(), null), trained).loss();
      assertThat(found).isCloseTo(expected, within(1e-5));
      NDArray nothing = c.golden.scope().zeros(new Shape(2, 1, 4, 4));
      UNet.LossGradients none = c.attention(AttentionLoss.byLayer(c.tokens(), nothing), trained);
      assertThat(none.loss()).isZero();
      assertThat(none.gradients().get("conv_in.weight").toFloatArray()).containsOnly(0);
    }
  }

  /** bf16 has eight bits: what is trained stays fp32 and gets its gradient. */
  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2"})
  void aNetworkInBf16GivesTheSameAsFarAsItsDigitsGo(String name) {
    try (Case c =
        new Case(
            new TestModel(Golden.path(name), Engine.compute("cpu", "bf16")),
            Golden.open(name + "-training.safetensors"))) {
      c.golden.assertClose("eps_edited", c.predict(c.edits()), 0.05);
      UNet.LossGradients found = c.noise(c.edits().tensors().keySet(), false);
      found.gradients().forEach((n, g) -> c.golden.assertClose("noise.gradient." + n, g, 0.2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd"})
  void editsThatFitNowhereAreRefused(String name) {
    try (Case c = Case.of(name)) {
      var scope = c.golden.scope();
      NDArray small = scope.zeros(new Shape(3, 3));
      List<Map<String, NDArray>> wrong =
          List.of(
              Map.of("conv_in.weight", small),
              Map.of("conv_in.no.weight", small),
              Map.of("conv_in.lora_A", small, "conv_in.lora_B", small),
              Map.of(
                  "conv_norm_out.lora_A",
                  scope.zeros(new Shape(1)),
                  "conv_norm_out.lora_B",
                  scope.zeros(new Shape(16))));
      for (Map<String, NDArray> tensors : wrong) {
        assertThatThrownBy(() -> c.predict(new Edits(tensors, 1)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("nothing to edit for conv_");
      }
      assertThatThrownBy(() -> c.noise(Set.of("conv_out.weight"), false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no edits to train");
    }
  }
}
