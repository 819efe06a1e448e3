package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.Stopped;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.diffusion.UNet;
import org.realera.files.Json;
import org.realera.method.Stage;
import org.realera.safetensors.Weights;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

/** Gradient checkpointing is a way to run: it is recorded, and saves what it is there for. */
class CheckpointedErasureTest {
  private static final ComputeChoice PLAIN = ComputeChoice.of("cpu", "fp32");
  private static final ComputeChoice CHECKPOINTED = PLAIN.gradientCheckpointing(true);

  @TempDir private Path root;

  private static EraseRequest request(Path out, ComputeChoice compute, boolean resume) {
    return new EraseRequest(
        new ModelRef("tiny", TinyModel.FOLDER), TinyModel.recipe(), out, compute, resume, false);
  }

  @Test
  void itsModelIsThePlainOneToTheLastDigitsAndTheManifestAndThePageSayHow() throws IOException {
    Path out = root.resolve("out");
    TinyRuns.run(request(out, CHECKPOINTED, false));
    Path plain = root.resolve("plain");
    TinyRuns.run(request(plain, PLAIN, false));
    JsonNode manifest = Json.read(out.resolve(Manifest.FILE));
    JsonNode other = Json.read(plain.resolve(Manifest.FILE));
    assertThat(manifest.at("/compute/gradient_checkpointing").isBoolean()).isTrue();
    assertThat(manifest.at("/compute/gradient_checkpointing").asBoolean()).isTrue();
    assertThat(other.path("compute").has("gradient_checkpointing")).isFalse();
    assertThat(Files.readString(out.resolve("report.html"))).contains("gradient checkpointing");
    assertThat(Files.readString(plain.resolve("report.html")))
        .doesNotContain("gradient checkpointing");
    assertThat(manifest.path("losses")).hasSize(4);
    for (int i = 0; i < 4; i++) {
      double loss = other.at("/losses/" + i).asDouble();
      assertThat(manifest.at("/losses/" + i).asDouble()).isCloseTo(loss, within(1e-4 * loss));
    }
  }

  @Test
  void resumingWithoutItSaysWhatDiffersAndWithItIsTheSameModel() throws IOException {
    Path out = root.resolve("out");
    Progress stop = new StopAt(Stage.ALIGNMENT, 2);
    assertThat(
            catchThrowableOfType(
                Stopped.class,
                () -> Erasure.run(request(out, CHECKPOINTED, false), stop, TinyRuns.CACHE)))
        .isNotNull();
    assertThatThrownBy(() -> TinyRuns.run(request(out, PLAIN, true)))
        .hasMessageContaining("gradient_checkpointing: true there, nothing here");
    assertThat(TinyRuns.run(request(out, CHECKPOINTED, true)).alreadyThere()).isFalse();
    assertThat(TinyRuns.run(request(out, CHECKPOINTED, true)).alreadyThere()).isTrue();
    assertThatThrownBy(() -> TinyRuns.run(request(out, PLAIN, true)))
        .hasMessageContaining("is complete, with other settings: ");
    Path straight = root.resolve("straight");
    TinyRuns.run(request(straight, CHECKPOINTED, false));
    assertThat(TinyModel.contents(out)).isEqualTo(TinyModel.contents(straight));
  }

  /**
   * Activations of two latents of 64 x 64 are 350 MB in the pocket model, of its largest layer some
   * 100. The first measurement leaves the process no smaller than it was before.
   */
  @Test
  void lessMemoryIsNeeded() {
    assumeThat(PeakMemory.fromNow().bytes()).isPresent();
    long checkpointed = peak(CHECKPOINTED);
    assertThat(peak(PLAIN) - checkpointed).isGreaterThan(100_000_000);
  }

  private static long peak(ComputeChoice compute) {
    Checkpoint model = Checkpoint.open(PocketModel.folder());
    try (Weights weights = model.openUnet();
        UNet unet = UNet.load(weights, model.unetConfig(), Engine.compute(compute));
        NDManager scope = NDManager.newBaseManager()) {
      NDArray latents = new Noise(1).normal(scope, new Shape(2, 4, 64, 64));
      long width = model.unetConfig().crossAttentionDim();
      NDArray text = new Noise(2).normal(scope, new Shape(2, 77, width));
      UNet.Input input = new UNet.Input(latents, scope.create(new long[] {50, 700}), text);
      String first = "down_blocks.0.resnets.0.conv1.bias";
      Edits edits = new Edits(Map.of(first, weights.read(first, scope)), 1);
      double[] each = {1, 1};
      PeakMemory memory = PeakMemory.fromNow();
      unet.noiseGradients(
          scope, input, latents, each, edits, edits.tensors().keySet(), /* startFixed= */ false);
      return memory.bytes().orElseThrow();
    }
  }
}
