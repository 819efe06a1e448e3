package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SldSettings;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.text.ClipTokenizer;

/** Safe Latent Diffusion against diffusers' StableDiffusionPipelineSafe: scripts/golden/sld.py. */
class SldParityTest {
  private static final List<String> PROMPTS =
      List.of("a photo of the airplane", "a red car on a road", "two cats");
  private static final List<String> NEGATIVE = List.of("", "", "night");

  @ParameterizedTest
  @CsvSource({
    "tiny, weak",
    "tiny, medium",
    "tiny, strong",
    "tiny, max",
    "pocket, medium",
    "pocket, max"
  })
  void imagesAreThoseOfTheReferencePipeline(String of, String name) {
    Path folder = of.equals("tiny") ? Golden.path("tiny-sd") : PocketModel.folder();
    SafeGuidance safe = new SafeGuidance("a photo of the car", SldSettings.of(name));
    try (Golden golden = Golden.open("sld-" + of + ".safetensors");
        TestModel model = new TestModel(folder, Engine.compute("cpu", "fp32"));
        ClipTokenizer tokenizer = model.tokenizer()) {
      NDArray expected = golden.get(name + ".pictures");
      int size = (int) expected.getShape().get(1);
      long[] seeds = golden.get(name + ".seeds").toLongArray();
      List<ImageRequest> requests = new ArrayList<>();
      for (int i = 0; i < seeds.length; i++) {
        requests.add(
            new ImageRequest(PROMPTS.get(i), NEGATIVE.get(i), seeds[i], 25, 4, size, size)
                .with(safe));
      }
      ImageSampler sampler = model.sampler(tokenizer);
      if (of.equals("tiny")) { // of the larger model the images are enough: each takes seconds
        NDArray latents = sampler.latents(golden.scope(), requests, Edits.NONE, done -> {});
        golden.assertClose(name + ".latents", latents, 1e-3);
      }
      List<Image> drawn = sampler.sample(requests, Edits.NONE, done -> {});
      for (int i = 0; i < drawn.size(); i++) {
        assertThat(Parity.largestDifference(drawn.get(i).rgb(), expected.get(i).toByteArray()))
            .as("largest difference of a pixel in picture %d, in 255ths", i)
            .isLessThanOrEqualTo(1);
      }
    }
  }
}
