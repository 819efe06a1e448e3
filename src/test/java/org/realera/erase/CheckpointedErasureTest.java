package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.Stopped;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.files.Json;
import org.realera.method.Stage;
import org.realera.tensor.ComputeChoice;

/**
 * Gradient checkpointing is a way to run, as a dtype is: it is recorded, and resumed as it began.
 */
class CheckpointedErasureTest {
  private static final ComputeChoice PLAIN = ComputeChoice.of("cpu", "fp32");
  private static final ComputeChoice CHECKPOINTED = PLAIN.gradientCheckpointing(true);

  @TempDir private Path root;

  private static EraseRequest request(Path out, ComputeChoice compute, boolean resume) {
    return new EraseRequest(
        new ModelRef("tiny", TinyModel.FOLDER), TinyModel.recipe(), out, compute, resume, false);
  }

  /** Sums in another order tell that the option has come to the network. */
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
    assertThat(TinyModel.contents(out).get(TinyRuns.UNET))
        .isNotEqualTo(TinyModel.contents(plain).get(TinyRuns.UNET));
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
}
