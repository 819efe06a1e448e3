package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.ClipVisionConfig;
import org.realera.diffusion.UNet;
import org.realera.safetensors.SafetensorsFile;
import org.realera.scorer.clip.ClipModel;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/** The miniature of random weights against diffusers: scripts/golden/networks.py. */
class TinyParityTest {
  private static TestModel model;
  private static Golden golden;

  @BeforeAll
  static void load() {
    model = new TestModel(Golden.path("tiny-sd"), Engine.compute("cpu", "fp32"));
    golden = Golden.open("tiny-sd.safetensors");
  }

  @AfterAll
  static void unload() {
    golden.close();
    model.close();
  }

  @Test
  void networksComputeWhatDiffusersComputes() {
    Parity.networks(model, golden);
  }

  @Test
  void promptsHaveTheIdsOfTransformers() {
    Parity.tokens(model, golden);
  }

  @Test
  void imagesAreThoseOfTheReferencePipeline() {
    Parity.images(model, golden);
  }

  @Test
  void loraGradientsAreThoseOfAutograd() {
    Parity.gradients(model, golden);
  }

  @Test
  void anOverriddenWeightActsLikeAnEditedCheckpoint() {
    String name = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_v.weight";
    try (SafetensorsFile file =
        SafetensorsFile.open(Golden.path("tiny-sd/unet/diffusion_pytorch_model.safetensors"))) {
      NDArray weight = file.read(name, golden.scope());
      Map<String, NDArray> same = Map.of(name, weight);
      Map<String, NDArray> doubled = Map.of(name, weight.mul(2));
      NDArray original = predict(Edits.NONE);
      assertThat(predict(new Edits(same, 1)).toFloatArray()).isEqualTo(original.toFloatArray());
      assertThat(Golden.relativeError(predict(new Edits(doubled, 1)), original))
          .isGreaterThan(1e-4);
    }
  }

  @Test
  void editsOfLayersThatAreNotThereAreRefused() {
    Map<String, NDArray> wrong = new TreeMap<>();
    wrong.put("down_blocks.9.attn2.to_k.weight", golden.get("loss"));
    assertThat(catchThrowable(() -> predict(new Edits(wrong, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("down_blocks.9.attn2.to_k.weight");
  }

  private static NDArray predict(Edits edits) {
    return model
        .unet()
        .predict(
            golden.scope(),
            golden.get("latents"),
            golden.get("timesteps"),
            golden.get("text"),
            edits);
  }

  @Test
  void clipFeaturesAreThoseOfTransformers() {
    var config = Golden.path("tiny-clip/config.json");
    try (Golden expected = Golden.open("tiny-clip.safetensors");
        SafetensorsFile weights = SafetensorsFile.open(Golden.path("tiny-clip/model.safetensors"));
        ClipModel clip =
            ClipModel.load(
                weights,
                ClipTextConfig.read(config),
                ClipVisionConfig.read(config),
                Engine.compute("cpu", "fp32"))) {
      expected.assertClose(
          "text_features", clip.textFeatures(expected.scope(), expected.rows("ids")), 1e-4);
      expected.assertClose(
          "image_features", clip.imageFeatures(expected.scope(), expected.get("pixels")), 1e-4);
    }
  }

  @Test
  void bf16AgreesWithFp32AsFarAsItsDigitsGo() {
    try (TestModel half = new TestModel(Golden.path("tiny-sd"), Engine.compute("cpu", "bf16"))) {
      NDArray eps =
          half.unet()
              .predict(
                  golden.scope(),
                  golden.get("latents"),
                  golden.get("timesteps"),
                  golden.get("text"),
                  Edits.NONE);
      golden.assertClose("eps", eps, 0.05);
      Edits edits = new Edits(golden.all("edit."), 0.5);
      UNet.LossGradients result =
          half.unet()
              .noiseGradients(
                  golden.scope(),
                  new UNet.Input(
                      golden.get("latents"), golden.get("timesteps"), golden.get("text")),
                  golden.get("target"),
                  new double[] {0.3, 0.7, 1.0},
                  edits,
                  edits.tensors().keySet(),
                  false);
      assertThat(result.gradients()).hasSameSizeAs(edits.tensors());
      result.gradients().forEach((name, g) -> golden.assertClose("gradient." + name, g, 0.2));
    }
  }
}
