package org.realera.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.erase.StateFolder;
import org.realera.golden.Golden;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;

/** Tensors of the miniature that are trained themselves. */
class WholeWeightsTest {
  private static final String BIAS = "conv_out.bias";
  private static final String TO_Q =
      "mid_block.attentions.0.transformer_blocks.0.attn2.to_q.weight";

  @TempDir private Path folder;
  private NDManager scope;
  private Weights unet;

  @BeforeEach
  void open() {
    scope = NDManager.newBaseManager(Device.cpu());
    unet = Checkpoint.open(Golden.path("tiny-sd")).openUnet();
  }

  @AfterEach
  void close() {
    unet.close();
    scope.close();
  }

  @Test
  void theSetsOfEsdDivideTheNetwork() {
    var x = WholeWeights.of(unet, Map.of(), WholeWeights.CROSS_ATTENTION).parameters();
    var u = WholeWeights.of(unet, Map.of(), WholeWeights.NOT_CROSS_ATTENTION).parameters();
    assertThat(x).hasSize(4 * 5).containsKey(TO_Q);
    // LDM's "out." is both the last norm and the last convolution
    assertThat(u)
        .doesNotContainKeys(TO_Q, BIAS, "conv_norm_out.bias", "conv_out.bias")
        .containsKey("conv_in.bias");
    assertThat(x.size() + u.size()).isEqualTo(unet.tensors().size() - 2 - 2 - 4);
  }

  @Test
  void theyBeginAsTheNetworkOrAsTheEditsAndEndAsTheyWereTrained() {
    NDArray three = scope.full(new Shape(4), 3f);
    NDArray other = scope.ones(new Shape(2));
    WholeWeights whole =
        WholeWeights.of(unet, Map.of(BIAS, three), n -> n.equals(BIAS) || n.equals(TO_Q));
    assertThat(whole.parameters().get(BIAS).toArray()).containsOnly(3);
    assertThat(whole.parameters().get(TO_Q).toArray())
        .isEqualTo(unet.read(TO_Q, scope).toFloatArray());
    assertThat(whole.shapes().get(TO_Q)).isEqualTo(new Shape(32, 32));
    Objects.requireNonNull(whole.parameters().get(BIAS)).write(1, new float[] {7}, 1);
    Edits edits = whole.edits(new Edits(Map.of(BIAS, three), 0.5), scope);
    assertThat(edits.loraScale()).isEqualTo(0.5);
    assertThat(edits.tensors().get(BIAS).toFloatArray()).containsExactly(3, 7, 3, 3);
    Map<String, NDArray> merged = whole.merge(Map.of(BIAS, three, "x.weight", other), unet, scope);
    assertThat(merged).containsOnlyKeys(BIAS, TO_Q, "x.weight");
    assertThat(merged.get(BIAS).toFloatArray()).containsExactly(3, 7, 3, 3);
    assertThat(merged.get("x.weight")).isSameAs(other);
  }

  /** On the CPU edits are the numbers themselves, and stay when those are closed. */
  @Test
  void editsAreTheParametersOwnMemory() {
    Edits edits;
    try (WholeWeights whole = WholeWeights.of(unet, Map.of(), n -> n.equals(BIAS))) {
      edits = whole.edits(Edits.NONE, scope);
      Objects.requireNonNull(whole.parameters().get(BIAS)).write(0, new float[] {5, 6, 7, 8}, 4);
    }
    assertThat(edits.tensors().get(BIAS).toFloatArray()).containsExactly(5, 6, 7, 8);
  }

  @Test
  void aSavedStepHasTheirOwnNames() {
    WholeWeights whole = WholeWeights.of(unet, Map.of(), n -> n.equals(BIAS));
    Path file = folder.resolve("state.safetensors");
    TrainingState.start(whole, AdamW.Settings.of(1, 0)).save(new StateFolder(folder), "state");
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      assertThat(saved.tensors())
          .containsOnlyKeys(BIAS, "adamw.exp_avg." + BIAS, "adamw.exp_avg_sq." + BIAS);
    }
    WholeWeights fresh = WholeWeights.of(unet, Map.of(), n -> n.equals(BIAS));
    Objects.requireNonNull(fresh.parameters().get(BIAS)).write(0, new float[] {99}, 1);
    TrainingState.load(new StateFolder(folder), "state", fresh, AdamW.Settings.of(1, 0));
    assertThat(fresh.parameters().get(BIAS).toArray())
        .isEqualTo(whole.parameters().get(BIAS).toArray());
  }

  @Test
  void aNetworkWithoutThemIsRefused() {
    assertThatThrownBy(() -> WholeWeights.of(unet, Map.of(), n -> false))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("none of the tensors that are to be trained");
  }

  /** SD v1.4's whole U-Net, on a machine of 17 GiB. */
  @Test
  void aMachineThatCannotHoldThemIsToldBeforeAnythingElse() {
    assertThatThrownBy(() -> WholeWeights.requireMemory(859_520_964L, 17L << 30))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(RealeraException.Kind.RESOURCES);
              assertThat(e.remedy()).contains("a machine with more");
            })
        .hasMessage(
            "to train 859,520,964 numbers takes 17.19 GB of memory beside the model, and this"
                + " machine has 18.25 GB");
    WholeWeights.requireMemory(859_520_964L, 18L << 30);
  }

  @Test
  void nineTenthsOfTheMemoryMayBeFilled() {
    WholeWeights.requireMemory(179, 4000); // 3,580 bytes
    assertThatThrownBy(() -> WholeWeights.requireMemory(181, 4000)) // 3,620
        .isInstanceOf(RealeraException.class);
  }
}
