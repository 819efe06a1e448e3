package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Spoiled;
import org.realera.golden.TestModel;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Precision;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.TextModel;

/** Networks whose numbers overflow: an error or, for the VAE, fp32; never a black image. */
class BrokenNetworksTest {
  private static final String MID = "decoder.mid_block.resnets.0.conv2.weight";

  @TempDir private Path folder;
  private Path model;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void copy() {
    model = Spoiled.copy("tiny-sd", folder.resolve("model"));
  }

  private static Compute cpu(Precision precision) {
    return new Compute(Device.cpu(), precision);
  }

  private Path vae() {
    return model.resolve("vae/diffusion_pytorch_model.safetensors");
  }

  private static List<ImageRequest> requests(String... prompts) {
    List<ImageRequest> requests = new ArrayList<>();
    for (String prompt : prompts) {
      requests.add(new ImageRequest(prompt, "", 3 + requests.size(), 2, 3, 16, 16));
    }
    return requests;
  }

  private List<Image> draw(Precision precision, List<ImageRequest> requests) {
    List<Image> drawn = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Drawing.run(
        Checkpoint.open(model), null, cpu(precision), requests, progress, () -> "", drawn::addAll);
    return drawn;
  }

  private RealeraException error(Precision precision, String... prompts) {
    return catchThrowableOfType(RealeraException.class, () -> draw(precision, requests(prompts)));
  }

  /** The reference is the same VAE in fp32 on the same latents. */
  @Test
  void aVaeThatOverflowsInFp16IsRunInFp32() {
    Spoiled.tensor(vae(), MID, x -> x * 3e6f);
    List<ImageRequest> requests = requests("a cat", "a dog");
    List<Image> drawn = draw(Precision.FP16, requests);
    try (TestModel half = new TestModel(model, cpu(Precision.FP16));
        TestModel whole = new TestModel(model, cpu(Precision.FP32));
        ClipTokenizer tokenizer = half.tokenizer();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray latents = half.sampler(tokenizer).latents(scope, requests, Edits.NONE, done -> {});
      for (int i = 0; i < 2; i++) {
        NDArray one = whole.vae().decode(scope, latents.get(i + ":" + (i + 1)));
        assertThat(drawn.get(i).rgb()).isEqualTo(whole.vae().images(scope, one).get(0).rgb());
      }
    }
    assertThat(notes)
        .containsExactly("the VAE overflows in fp16: such pictures are decoded in fp32");
    assertThat(Sameness.of(drawn.stream())).isEmpty();
  }

  /** What overflows in the last layer only is black or white once it is clamped. */
  @Test
  void infinityIsNoWhitePixel() {
    Spoiled.tensor(vae(), "decoder.conv_out.bias", x -> 1e5f);
    Spoiled.tensor(vae(), "decoder.conv_out.weight", x -> 0f);
    draw(Precision.FP16, requests("a cat"));
    assertThat(notes)
        .containsExactly(
            "the VAE overflows in fp16: such pictures are decoded in fp32",
            "the picture is of one colour, as a broken model draws them");
  }

  @Test
  void aVaeThatOverflowsInFp32IsBrokenAndTheImageNamed() {
    Spoiled.tensor(vae(), MID, x -> x * 3e38f);
    for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
      RealeraException e = error(precision, "a cat", "a dog");
      assertThat(e)
          .hasMessage(
              "the VAE draws no picture of \"a cat\", seed 3: its pixels are NaN or infinite in"
                  + " fp32");
      assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
      assertThat(e.remedy()).contains("The VAE's weights are broken");
    }
  }

  @Test
  void aTextEncoderWhoseNumbersAreNotFiniteIsNamedWithThePrompt() {
    Path encoder = model.resolve("text_encoder/model.safetensors");
    Spoiled.tensor(encoder, "text_model.final_layer_norm.weight", x -> 3e38f);
    RealeraException e = error(Precision.FP32, "a cat");
    assertThat(e)
        .hasMessageContaining("the text encoder gives numbers that are not finite in fp32 for \"");
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    try (TextModel text = TextModel.load(Checkpoint.open(model), cpu(Precision.FP16));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<ConceptPrompt> prompts =
          List.of(ConceptPrompt.of("a photo of the {}", "cat", text.tokenizer()));
      assertThat(catchThrowableOfType(RealeraException.class, () -> text.encode(prompts, scope)))
          .hasMessageContaining("not finite in fp32 for \"a photo of the cat\"");
    }
  }

  @Test
  void aTextEncoderThatOverflowsInHalfPrecisionMayBeWhole() {
    Path encoder = model.resolve("text_encoder/model.safetensors");
    Spoiled.tensor(encoder, "text_model.final_layer_norm.bias", x -> 1e5f);
    RealeraException e = error(Precision.FP16, "a cat");
    assertThat(e).hasMessageContaining("not finite in fp16 for \"");
    assertThat(e.kind()).isEqualTo(Kind.FAILED);
    assertThat(e.remedy()).startsWith("Try --dtype fp32");
  }

  @Test
  void ofABatchTheBrokenImageIsNamed() {
    RealeraException e =
        catchThrowableOfType(
            RealeraException.class,
            () ->
                draw(
                    Precision.FP32,
                    List.of(
                        new ImageRequest("a cat", "", 3, 2, 3, 16, 16),
                        new ImageRequest("a dog", "", 4, 2, 1e38, 16, 16))));
    assertThat(e)
        .hasMessageContainingAll("no picture of \"a dog\", seed 4", "latents are NaN or infinite");
    assertThat(e.kind()).isEqualTo(Kind.FAILED);
  }

  @Test
  void imagesThatShowNothingAreSpokenOf() {
    Spoiled.tensor(vae(), "decoder.conv_out.weight", x -> 0f);
    draw(Precision.FP32, requests("a cat", "a dog"));
    assertThat(notes)
        .containsExactly("each of the 2 pictures is of one colour, as a broken model draws them");
    notes.clear();
    draw(Precision.FP32, List.of(requests("a cat").get(0), requests("a cat").get(0)));
    assertThat(notes).isEmpty();
  }
}
