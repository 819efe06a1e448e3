package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.convert.Target;
import org.realera.files.FileTree;
import org.realera.tensor.Engine;

/** What an erasure writes, and what it is expected to take on disk. */
class ModelOutputTest {
  private static final long MARGIN = 32L << 20;
  private static final String KEYS = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k";

  @TempDir private Path root;

  /** It would go to others, who would draw nothing with it. */
  @ParameterizedTest
  @EnumSource(
      value = Target.class,
      names = {"DELTA", "LORA", "KOHYA"})
  void aChangeWithNaNIsRefused(Target to) {
    Checkpoint model = Checkpoint.open(TinyModel.FOLDER);
    EraseRequest request = request(TinyModel.FOLDER, to);
    RunManifest manifest =
        RunManifest.of(
            "tiny",
            model.fingerprints(),
            Engine.compute(request.compute()),
            Engine.describe(),
            request.recipe(),
            Map.of(),
            to);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      float[] numbers = new float[32 * 32];
      numbers[5] = Float.NaN;
      Map<String, NDArray> edits =
          Map.of(KEYS + ".weight", scope.create(numbers, new Shape(32, 32)));
      ModelOutput output = new ModelOutput(request, model);
      assertThatThrownBy(() -> output.write(edits, manifest, root))
          .isInstanceOf(RealeraException.class)
          .hasMessage(
              "the new values of " + KEYS + ".weight hold NaN or infinity; nothing was written");
    }
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aFolderTakesWhatTheModelTakesAndASingleFileTwiceThat() {
    long whole = MARGIN + FileTree.size(TinyModel.FOLDER);
    assertThat(bytes(TinyModel.FOLDER, Target.DIFFUSERS)).isEqualTo(whole);
    assertThat(bytes(TinyModel.FOLDER, Target.SINGLE_FILE))
        .as("by way of a folder")
        .isEqualTo(2 * whole);
    assertThat(bytes(TinyModel.FOLDER, Target.DELTA)).isEqualTo(MARGIN);
  }

  @Test
  void whatACopyLeavesOutTakesNothing() throws IOException {
    Path model = TinyModel.copy(root.resolve("model"));
    long whole = ModelFiles.outputBytes(model);
    Files.writeString(model.resolve("v1-4.ckpt"), "a pickle");
    Files.writeString(model.resolve("unet/old.ckpt"), "a pickle");
    Files.writeString(model.resolve("v1-4.safetensors"), "the whole model");
    Files.writeString(Files.createDirectory(model.resolve(".git")).resolve("pack"), "history");
    assertThat(ModelFiles.outputBytes(model)).isEqualTo(whole);
    Files.writeString(model.resolve("vae/more.safetensors"), "abc");
    assertThat(ModelFiles.outputBytes(model)).isEqualTo(whole + 3);
  }

  @Test
  void aSingleFileTakesItsSizeInAFolderToo() throws IOException {
    Path file = root.resolve("model.safetensors");
    Files.write(file, new byte[1000]);
    assertThat(ModelFiles.outputBytes(file)).isEqualTo(MARGIN + 1000);
  }

  private long bytes(Path model, Target to) {
    return new ModelOutput(request(model, to), Checkpoint.open(model)).bytes();
  }

  private EraseRequest request(Path model, Target to) {
    EraseRequest of = TinyModel.request(TinyModel.recipe(), root.resolve("out"));
    return new EraseRequest(
        new ModelRef("tiny", model), of.recipe(), of.out(), to, of.compute(), false, false, null);
  }
}
