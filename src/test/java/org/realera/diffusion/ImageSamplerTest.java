package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.golden.TestModel;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.text.ClipTokenizer;

class ImageSamplerTest {
  private static TestModel model;
  private static ClipTokenizer tokenizer;
  private static ImageSampler sampler;

  @BeforeAll
  static void load() {
    model = new TestModel(Golden.path("tiny-sd"), Engine.compute("cpu", "fp32"));
    tokenizer = model.tokenizer();
    sampler = model.sampler(tokenizer);
  }

  @AfterAll
  static void unload() {
    tokenizer.close();
    model.close();
  }

  private static ImageRequest request(String prompt, long seed, double guidance) {
    return new ImageRequest(prompt, "", seed, 4, guidance, 16, 16);
  }

  private static List<Image> draw(ImageRequest... requests) {
    return sampler.sample(List.of(requests), Edits.NONE, done -> {});
  }

  @Test
  void theSameRequestGivesTheSameBytes() {
    byte[] first = draw(request("a cat", 5, 7.5)).get(0).rgb();
    assertThat(draw(request("a cat", 5, 7.5)).get(0).rgb()).isEqualTo(first);
    assertThat(draw(request("a cat", 6, 7.5)).get(0).rgb()).isNotEqualTo(first);
    assertThat(draw(request("a dog", 5, 7.5)).get(0).rgb()).isNotEqualTo(first);
  }

  @Test
  void anImageDoesNotDependOnItsNeighbors() {
    byte[] alone = draw(request("a cat", 5, 7.5)).get(0).rgb();
    List<Image> together =
        draw(
            request("a ship", 1, 1),
            request("a cat", 5, 7.5),
            request("a dog", 2, 3),
            request("a cow", 3, 0));
    assertNearlyEqual(together.get(1).rgb(), alone);
    byte[] unguided = draw(request("a ship", 1, 1)).get(0).rgb();
    assertNearlyEqual(together.get(0).rgb(), unguided);
    byte[] off = draw(request("a cow", 3, 0)).get(0).rgb();
    assertNearlyEqual(together.get(3).rgb(), off);
  }

  private static void assertNearlyEqual(byte[] a, byte[] b) {
    assertThat(a).hasSameSizeAs(b);
    for (int i = 0; i < a.length; i++) {
      assertThat(Math.abs((a[i] & 255) - (b[i] & 255))).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void requestsOfDifferentSizesComeBackInOrder() {
    List<Image> drawn =
        draw(request("a", 0, 2), new ImageRequest("b", "", 0, 3, 2, 20, 12), request("c", 0, 2));
    assertThat(drawn).extracting(Image::width).containsExactly(16, 20, 16);
    assertThat(drawn.get(1).height()).isEqualTo(12);
  }

  @Test
  void progressCountsEveryStepOfEveryImage() {
    List<Long> seen = new ArrayList<>();
    sampler.sample(List.of(request("a", 0, 2), request("b", 1, 2)), Edits.NONE, seen::add);
    assertThat(seen).containsExactly(2L, 4L, 6L, 8L);
  }

  @Test
  void latentsAreWhatIsDecoded() {
    try (NDManager scope = NDManager.newBaseManager()) {
      var latents =
          sampler.latents(
              scope, List.of(request("a", 0, 2), request("b", 1, 2)), Edits.NONE, done -> {});
      assertThat(latents.getShape().getShape()).containsExactly(2, 4, 8, 8);
    }
  }

  @Test
  void latentsThatAreNotFiniteAreAnErrorAndNoBlackImage() {
    try (NDManager scope = NDManager.newBaseManager()) {
      String module = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k";
      try (Weights unet = Checkpoint.open(Golden.path("tiny-sd")).openUnet()) {
        Edits broken =
            new Edits(
                Map.of(module + ".weight", unet.read(module + ".weight", scope).mul(Float.NaN)), 1);
        assertThatThrownBy(
                () -> sampler.sample(List.of(request("a cat", 5, 7.5)), broken, done -> {}))
            .isInstanceOf(RealeraException.class)
            .hasMessageContainingAll("no picture of \"a cat\"", "NaN or infinite in fp32");
      }
    }
  }

  @Test
  void promptsBeyondTheTextEncodersReachAreKnown() {
    assertThat(sampler.cutsOff("a cat")).isFalse();
    assertThat(sampler.cutsOff("a cat on a mat ".repeat(60))).isTrue();
  }

  @Test
  void noRequestsGiveNoImages() {
    assertThat(draw()).isEmpty();
  }

  @Test
  void aSizeTheModelCannotDrawIsAUsageError() {
    assertThatThrownBy(() -> draw(new ImageRequest("a", "", 0, 2, 2, 17, 16)))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("17 x 16");
    assertThatThrownBy(() -> new ImageRequest("a", "", 0, 0, 2, 16, 16))
        .isInstanceOf(RealeraException.class);
    assertThatThrownBy(() -> new ImageRequest("a", "", 0, 5, Double.NaN, 16, 16))
        .isInstanceOf(RealeraException.class);
  }
}
