package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.files.Environment;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;

/** A model between folder and single file. */
class SingleFileTest {
  @TempDir Path temp;

  private Path file;

  @BeforeEach
  void write() {
    file = temp.resolve("tiny.safetensors");
    SingleFiles.write(TinySingleFile.folder(), Optional.empty(), Map.of("format", "pt"), file);
  }

  @Test
  void aModelComesBackFromASingleFileToTheByte() throws IOException {
    Path back = temp.resolve("back");
    assertThat(FolderWriter.write(single(), Map.of(), Optional.empty(), back)).isEmpty();
    for (Path expected : TinyModel.files(TinyModel.folder())) {
      Path found = back.resolve(TinyModel.folder().relativize(expected).toString());
      if (found.toString().endsWith(".safetensors")) {
        TinySingleFile.assertSameTensors(found, expected);
      } else {
        assertThat(found).hasSameBinaryContentAs(expected);
      }
    }
    assertThat(TinyModel.files(back)).hasSameSizeAs(TinyModel.files(TinyModel.folder()));
    Checkpoint.open(back).verify();
  }

  @Test
  void aSingleFileComesBackFromAFolderToTheByte() {
    Path back = temp.resolve("back");
    FolderWriter.write(single(), Map.of(), Optional.empty(), back);
    Path again = temp.resolve("again.safetensors");
    SingleFiles.write(Checkpoint.open(back), Optional.empty(), Map.of("format", "pt"), again);
    assertThat(again).hasSameBinaryContentAs(file);
  }

  @Test
  void aSingleFileIsTheModelThatItWasMadeFrom() {
    Checkpoint model = single();
    model.verify();
    model.verifyFinite();
    assertThat(model.isSingleFile()).isTrue();
    assertThat(model.location()).isEqualTo(file);
    assertThat(model.unetConfig()).isEqualTo(TinySingleFile.folder().unetConfig());
    assertThat(model.fingerprints()).isEqualTo(TinySingleFile.folder().fingerprints());
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Weights expected = TinySingleFile.folder().openVae();
        Weights found = model.openVae()) {
      String query = "decoder.mid_block.attentions.0.to_q.weight";
      assertThat(found.read(query, scope)).isEqualTo(expected.read(query, scope));
    }
  }

  @Test
  void editsGoIntoTheFolderThatIsWritten() {
    String name = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight";
    Path target = temp.resolve("edited");
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      var values = scope.full(new ai.djl.ndarray.types.Shape(32, 32), 0.25f);
      DiffusersWriter.write(single(), Map.of(name, values), target);
      try (Weights unet = Checkpoint.open(target).openUnet()) {
        assertThat(unet.read(name, scope)).isEqualTo(values);
      }
    }
    assertThat(Checkpoint.open(target).fingerprints())
        .containsEntry("vae", TinySingleFile.folder().fingerprints().get("vae"));
  }

  @Test
  void theTypeIsChangedWhereItIsAskedFor() {
    Path half = temp.resolve("half.safetensors");
    SingleFiles.write(TinySingleFile.folder(), Optional.of(DType.F16), Map.of(), half);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        SafetensorsFile before = SafetensorsFile.open(file);
        SafetensorsFile after = SafetensorsFile.open(half)) {
      assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
      for (TensorInfo info : after.inFileOrder()) {
        assertThat(info.dtype()).isEqualTo(DType.F16);
        assertThat(after.read(info.name(), scope))
            .isEqualTo(before.read(info.name(), scope).toType(DataType.FLOAT16, true));
      }
    }
  }

  @Test
  void aFolderThatCanNotBeReadWholeIsNotWritten() throws IOException {
    Path copy = TinyModel.copyTo(temp.resolve("copy"));
    Files.delete(copy.resolve("vae/diffusion_pytorch_model.safetensors"));
    Path target = temp.resolve("target");
    assertThatThrownBy(
            () -> FolderWriter.write(Checkpoint.open(copy), Map.of(), Optional.empty(), target))
        .isInstanceOf(RealeraException.class);
    assertThat(target).doesNotExist();
  }

  @Test
  void aPartThatASingleFileHasNoPlaceForIsToldAndLeavesNoHole() throws IOException {
    Path copy = TinyModel.copyTo(temp.resolve("copy"));
    TinyModel.edit(
        copy.resolve("model_index.json"),
        "\"safety_checker\": [\n    null,\n    null\n  ]",
        "\"safety_checker\": [\"a\", \"b\"]");
    assertThat(SingleFiles.write(Checkpoint.open(copy), Optional.empty(), Map.of(), file))
        .containsExactly("safety_checker");
    assertThat(single().hasPart("safety_checker")).isFalse();
    assertThat(single().hasPart("unet")).isTrue();
  }

  private Checkpoint single() {
    Environment cache = new Environment(Map.of("REALERA_CACHE", temp.resolve("cache").toString()));
    return Checkpoint.open(file, cache);
  }
}
