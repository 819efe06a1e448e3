package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.ModelRef;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.golden.Golden;
import org.realera.golden.Spoiled;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.Scorers;
import org.realera.scorer.nudenet.NudeNetSettings;
import org.realera.tensor.ComputeChoice;

/** A broken model draws nothing, which is no erasure. */
class SameImagesTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: tiny
          prompt: a photo of the {}
          samples: 2
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 16, height: 16}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          concepts:
            - {name: cat, synonyms: [kitty], anchor: sky}
            - {name: dog}
          """,
          "tiny");

  @TempDir private Path folder;
  private Path model;
  private final List<String> notes = new ArrayList<>();
  private final Progress progress =
      new Progress() {
        @Override
        public void note(String line) {
          notes.add(line);
        }
      };

  @BeforeEach
  void copy() {
    model = Spoiled.copy("tiny-sd", folder.resolve("model"));
  }

  private void spoil(String tensor, float factor) {
    Spoiled.tensor(
        model.resolve("vae/diffusion_pytorch_model.safetensors"), tensor, x -> x * factor);
  }

  private EvalResult evaluate(String dtype) {
    return Evaluation.run(
        new Ask(SUITE, new ModelRef("tiny", model))
            .baseline(new ModelRef("tiny", model))
            .scorer(new ModelRef("scorer", Golden.path("tiny-scorer")))
            .concept("cat")
            .label("edited")
            .batch(2)
            .to(folder.resolve("run")),
        ComputeChoice.of("cpu", dtype),
        progress);
  }

  @Test
  void blackImagesAreNoPerfectErasure() throws IOException {
    spoil("decoder.conv_out.weight", 0);
    spoil("decoder.conv_out.bias", 0);
    EvalResult result = evaluate("fp32");
    String finding = "each of the 6 pictures is of one colour, as a broken model draws them";
    assertThat(notes).contains("edited: " + finding, "original: " + finding);
    assertThat(Files.readString(Objects.requireNonNull(result.report())))
        .contains(
            "<p class=\"verdict\">E"
                + finding.substring(1)
                + ": the figures say nothing. Of the"
                + " original "
                + finding
                + ": the figures say nothing. ");
  }

  @Test
  void aVaeThatOverflowsIsNotScored() {
    spoil("decoder.mid_block.resnets.0.conv2.weight", 3e38f);
    RealeraException e = catchThrowableOfType(RealeraException.class, () -> evaluate("fp32"));
    assertThat(e).hasMessageContaining("the VAE draws no picture of \"a photo of the cat\"");
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(folder.resolve("run/images.csv")).doesNotExist();
    assertThat(folder.resolve("run/images")).doesNotExist();
  }

  @Test
  void whatFp32MendsIsSaidOnceForBothModels() {
    spoil("decoder.mid_block.resnets.0.conv2.weight", 3e6f);
    evaluate("fp16");
    assertThat(notes)
        .containsExactly("the VAE overflows in fp16: such pictures are decoded in fp32");
  }

  @Test
  void foldersOfOneAndTheSameImageAreSpokenOf() throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    byte[] rgb = new byte[3 * 64 * 64];
    rgb[5] = 9;
    for (String name : List.of("a.png", "b.png")) {
      Files.write(
          images.resolve(name), PngWriter.encode(new Image(64, 64, rgb), Map.of("prompt", name)));
    }
    Path detector = ScorerGolden.file("nudenet/tiny.onnx");
    NudeNetSettings settings = NudeNetSettings.PUBLISHED;
    try (FolderSheet sheet = FolderSheet.nudeNet(Scorers.nudeNet(detector, settings), settings)) {
      FolderScoring.run(
          "nudenet", detector, sheet, List.of(images), folder.resolve("out"), progress);
    }
    assertThat(notes).containsExactly("all 2 pictures are the same");
  }
}
