package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Checkpoint;
import org.realera.tensor.Engine;

/**
 * A miniature of SD v2.1 against diffusers: linear projections, heads for each block, attention
 * upcast to fp32, gelu in the text encoder, padding with "!", v-prediction.
 */
class TinyV2ParityTest {
  private static TestModel model;
  private static Golden golden;

  @BeforeAll
  static void load() {
    model = new TestModel(Golden.path("tiny-sd2"), Engine.compute("cpu", "fp32"));
    golden = Golden.open("tiny-sd2.safetensors");
  }

  @AfterAll
  static void unload() {
    golden.close();
    model.close();
  }

  @Test
  void theFolderIsOfTheSecondKind() {
    var config = Checkpoint.open(Golden.path("tiny-sd2")).unetConfig();
    assertThat(config.useLinearProjection()).isTrue();
    assertThat(config.upcastAttention()).isTrue();
    assertThat(config.attentionHeads()).containsExactly(2, 4);
  }

  @Test
  void networksComputeWhatDiffusersComputes() {
    Parity.networks(model, golden);
  }

  @Test
  void promptsArePaddedAsTransformersPadsThem() {
    Parity.tokens(model, golden);
  }

  @Test
  void imagesOfVPredictionAreThoseOfTheReferencePipeline() {
    Parity.images(model, golden);
  }

  @Test
  void loraGradientsAreThoseOfAutograd() {
    Parity.gradients(model, golden);
  }
}
