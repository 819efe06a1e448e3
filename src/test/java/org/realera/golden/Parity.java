package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.UNet;
import org.realera.tensor.Edits;
import org.realera.text.ClipTokenizer;

/** What has to agree with diffusers and transformers, for any model; see networks.py. */
final class Parity {
  private static final double TOLERANCE = 1e-4;
  private static final List<String> PROMPTS =
      List.of("a photo of the airplane", "a red car on a road", "two cats");

  private Parity() {}

  static void networks(TestModel model, Golden golden) {
    NDArray text = model.encoder().encode(golden.scope(), golden.rows("ids"));
    golden.assertClose("text", text, TOLERANCE);
    NDArray latents = golden.get("latents");
    NDArray eps =
        model
            .unet()
            .predict(
                golden.scope(), latents, golden.get("timesteps"), golden.get("text"), Edits.NONE);
    golden.assertClose("eps", eps, TOLERANCE);
    golden.assertClose("images", model.vae().decode(golden.scope(), latents.get("0:1")), TOLERANCE);
  }

  static void tokens(TestModel model, Golden golden) {
    try (ClipTokenizer tokenizer = model.tokenizer()) {
      assertThat(PROMPTS.stream().map(prompt -> tokenizer.tokenize(prompt).ids()))
          .containsExactly(golden.rows("ids"));
    }
  }

  static void gradients(TestModel model, Golden golden) {
    Edits edits = new Edits(golden.all("edit."), 0.5);
    NDArray latents = golden.get("latents");
    NDArray timesteps = golden.get("timesteps");
    NDArray text = golden.get("text");
    golden.assertClose(
        "eps_lora",
        model.unet().predict(golden.scope(), latents, timesteps, text, edits),
        TOLERANCE);
    UNet.LossGradients result =
        model
            .unet()
            .noiseGradients(
                golden.scope(),
                new UNet.Input(latents, timesteps, text),
                golden.get("target"),
                new double[] {0.3, 0.7, 1.0},
                edits,
                edits.tensors().keySet(),
                false);
    assertThat(result.loss()).isCloseTo(golden.get("loss").getFloat(), within(1e-5));
    assertThat(result.gradients()).hasSize(golden.all("edit.").size());
    result.gradients().forEach((name, g) -> golden.assertClose("gradient." + name, g, TOLERANCE));
  }

  static void images(TestModel model, Golden golden) {
    NDArray expected = golden.get("pictures");
    int size = (int) expected.getShape().get(1);
    List<ImageRequest> requests =
        List.of(
            new ImageRequest(PROMPTS.get(0), "", 0, 12, 4, size, size),
            new ImageRequest(PROMPTS.get(1), "", 1, 12, 4, size, size),
            new ImageRequest(PROMPTS.get(2), "night", 2, 12, 4, size, size));
    try (ClipTokenizer tokenizer = model.tokenizer()) {
      List<Image> drawn = model.sampler(tokenizer).sample(requests, Edits.NONE, done -> {});
      for (int i = 0; i < drawn.size(); i++) {
        assertThat(largestDifference(drawn.get(i).rgb(), expected.get(i).toByteArray()))
            .as("largest difference of a pixel in picture %d, in 255ths", i)
            .isLessThanOrEqualTo(1);
      }
    }
  }

  static int largestDifference(byte[] a, byte[] b) {
    assertThat(a).hasSameSizeAs(b);
    int largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs((a[i] & 255) - (b[i] & 255)));
    }
    return largest;
  }
}
