package org.realera.golden;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.ClipVisionConfig;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.safetensors.ShardedWeights;
import org.realera.safetensors.Weights;
import org.realera.scorer.clip.ClipModel;
import org.realera.tensor.Engine;

/**
 * The embedded model and its scorer against diffusers and transformers: scripts/golden/networks.py.
 * New weights need new reference values.
 */
class PocketParityTest {
  private static TestModel model;
  private static Golden golden;

  @BeforeAll
  static void load() {
    model = new TestModel(PocketModel.folder(), Engine.compute("cpu", "fp32"));
    golden = Golden.open("pocket.safetensors");
  }

  @AfterAll
  static void unload() {
    golden.close();
    model.close();
  }

  @Test
  void networksComputeWhatDiffusersComputes() {
    Parity.tokens(model, golden);
    Parity.networks(model, golden);
  }

  @Test
  void imagesAreThoseOfTheReferencePipeline() {
    Parity.images(model, golden);
  }

  @Test
  void scorerFeaturesAreThoseOfTransformers() {
    var config = PocketModel.scorerFolder().resolve("config.json");
    try (Golden expected = Golden.open("pocket-scorer.safetensors");
        Weights weights = ShardedWeights.open(PocketModel.scorerFolder(), "model");
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
}
