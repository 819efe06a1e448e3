package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.tensor.DType;
import org.realera.tensor.SafetensorsFile;
import org.realera.tensor.SafetensorsWriter;
import org.realera.tensor.TensorInfo;
import org.realera.tensor.TensorSource;
import org.realera.tensor.Weights;

class SingleFileTest {
  private static final String CONV_IN = "model.diffusion_model.input_blocks.0.0.weight";

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void write() {
    file = temp.resolve("tiny.safetensors");
    SingleFileWriter.write(folder(), Optional.empty(), Map.of("format", "pt"), file);
  }

  @Test
  void aModelComesBackFromASingleFileToTheByte() throws IOException {
    Path back = temp.resolve("back");
    assertThat(FolderWriter.write(single(), Map.of(), Optional.empty(), back)).isEmpty();
    for (Path expected : TinyModel.files(TinyModel.folder())) {
      Path found = back.resolve(TinyModel.folder().relativize(expected).toString());
      if (found.toString().endsWith(".safetensors")) {
        assertSameTensors(found, expected);
      } else {
        assertThat(found).hasSameBinaryContentAs(expected);
      }
    }
    assertThat(TinyModel.files(back)).hasSameSizeAs(TinyModel.files(TinyModel.folder()));
    DiffusersModel.open(back).verify();
  }

  @Test
  void aSingleFileComesBackFromAFolderToTheByte() {
    Path back = temp.resolve("back");
    FolderWriter.write(single(), Map.of(), Optional.empty(), back);
    Path again = temp.resolve("again.safetensors");
    SingleFileWriter.write(
        DiffusersModel.open(back), Optional.empty(), Map.of("format", "pt"), again);
    assertThat(again).hasSameBinaryContentAs(file);
  }

  @Test
  void aSingleFileIsTheModelThatItWasMadeFrom() {
    DiffusersModel model = single();
    model.verify();
    model.verifyFinite();
    assertThat(model.isSingleFile()).isTrue();
    assertThat(model.location()).isEqualTo(file);
    assertThat(model.unetConfig()).isEqualTo(folder().unetConfig());
    assertThat(model.fingerprints()).isEqualTo(folder().fingerprints());
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Weights expected = folder().openVae();
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
      try (Weights unet = DiffusersModel.open(target).openUnet()) {
        assertThat(unet.read(name, scope)).isEqualTo(values);
      }
    }
    assertThat(DiffusersModel.open(target).fingerprints())
        .containsEntry("vae", folder().fingerprints().get("vae"));
  }

  @Test
  void theTypeIsChangedWhereItIsAskedFor() {
    Path half = temp.resolve("half.safetensors");
    SingleFileWriter.write(folder(), Optional.of(DType.F16), Map.of(), half);
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
  void whatTrainingLeftInAFileIsIgnored() {
    change(
        tensor -> Optional.of(tensor),
        TensorSource.of("model_ema.decay", DType.F32, List.of(), new float[] {0.9999f}),
        TensorSource.of("betas", DType.F32, List.of(2L), new float[] {1, 2}));
    assertThat(single().fingerprints()).isEqualTo(folder().fingerprints());
  }

  @Test
  void positionIdsOfOlderFilesAreKept() throws IOException {
    change(
        tensor -> Optional.of(tensor),
        TensorSource.of(
            "cond_stage_model.transformer.text_model.embeddings.position_ids",
            DType.F32,
            List.of(1L, 2L),
            new float[] {0, 1}));
    Path again = temp.resolve("again.safetensors");
    SingleFileWriter.write(single(), Optional.empty(), Map.of("format", "pt"), again);
    assertSameTensors(again, file);
  }

  @Test
  void namesOfTheTextEncoderThatLostALevelAreRead() {
    change(
        tensor ->
            Optional.of(
                tensor.as(
                    tensor.info().name().replace("transformer.text_model.", "transformer."),
                    tensor.info().shape())));
    assertThat(single().fingerprints()).isEqualTo(folder().fingerprints());
  }

  @Test
  void aMissingTensorIsNamedAsTheFileWouldCallIt() {
    change(tensor -> Optional.of(tensor).filter(t -> !t.info().name().equals(CONV_IN)));
    assertDamaged(file, CONV_IN + " [16, 4, 3, 3] is missing");
  }

  @Test
  void aTensorThatTheUNetHasNoPlaceForIsNamed() {
    change(
        tensor -> Optional.of(tensor),
        TensorSource.of("model.diffusion_model.motion.weight", DType.F32, List.of(), new float[1]));
    assertDamaged(file, "model.diffusion_model.motion.weight [] is not part of it");
  }

  @Test
  void aFileWithoutConfigurationsIsTakenForStableDiffusion1() {
    changeMetadata(metadata -> metadata.remove(SingleFile.FILES));
    assertDamaged(file, "tensors do not fit the architecture of the model");
  }

  @Test
  void aFileWithAVocabularyOfItsOwnMustCarryIt() {
    changeMetadata(
        metadata ->
            metadata.put(
                SingleFile.FILES,
                String.valueOf(metadata.get(SingleFile.FILES)).replace("vocab.json", "x.json")));
    assertDamaged(file, "has 1514 tokens, but the file carries no tokenizer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil.json", "/tmp/evil.json", "unet/../../evil.json", "unet/evil.py"})
  void aPathThatHasNoBusinessInAModelIsIgnored(String path) {
    changeMetadata(
        metadata ->
            metadata.put(
                SingleFile.FILES,
                String.valueOf(metadata.get(SingleFile.FILES))
                    .replaceFirst("\\{", "{\"" + path + "\":\"evil\",")));
    DiffusersModel model = single();
    assertThat(TinyModel.files(model.root())).noneMatch(f -> f.toString().contains("evil"));
    assertThat(temp.resolve("evil.json")).doesNotExist();
  }

  @Test
  void carriedFilesThatAreNoJsonAreAnError() {
    changeMetadata(metadata -> metadata.put(SingleFile.FILES, "{"));
    assertDamaged(file, "its metadata entry realera.files is not JSON");
  }

  @Test
  void configurationsAreUnpackedOnceAndMendedWhenSpoilt() throws IOException {
    Path root = single().root();
    assertThat(single().root()).isEqualTo(root);
    Files.writeString(root.resolve("unet/config.json"), "{}");
    assertThat(single().unetConfig()).isEqualTo(folder().unetConfig());
    try (Stream<Path> left = Files.list(root.getParent())) {
      assertThat(left).containsExactly(root);
    }
  }

  @Test
  void aFolderThatCanNotBeReadWholeIsNotWritten() throws IOException {
    Path copy = TinyModel.copyTo(temp.resolve("copy"));
    Files.delete(copy.resolve("vae/diffusion_pytorch_model.safetensors"));
    Path target = temp.resolve("target");
    assertThatThrownBy(
            () -> FolderWriter.write(DiffusersModel.open(copy), Map.of(), Optional.empty(), target))
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
    assertThat(SingleFileWriter.write(DiffusersModel.open(copy), Optional.empty(), Map.of(), file))
        .containsExactly("safety_checker");
    assertThat(single().hasPart("safety_checker")).isFalse();
    assertThat(single().hasPart("unet")).isTrue();
  }

  private static DiffusersModel folder() {
    return DiffusersModel.open(TinyModel.folder());
  }

  private DiffusersModel single() {
    Environment cache = new Environment(Map.of("REALERA_CACHE", temp.resolve("cache").toString()));
    return DiffusersModel.open(file, cache);
  }

  private void assertDamaged(Path path, String message) {
    Environment cache = new Environment(Map.of("REALERA_CACHE", temp.resolve("cache").toString()));
    assertThatThrownBy(() -> DiffusersModel.open(path, cache))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
  }

  /** Writes the file anew: some tensors changed or dropped, others added. */
  private void change(
      Function<TensorSource.Stored, Optional<TensorSource.Stored>> each, TensorSource... more) {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      List<TensorSource> tensors = new ArrayList<>();
      for (TensorInfo info : opened.inFileOrder()) {
        each.apply(opened.stored(info.name())).ifPresent(tensors::add);
      }
      tensors.addAll(List.of(more));
      SafetensorsWriter.write(file, opened.metadata(), tensors);
    }
  }

  private void changeMetadata(java.util.function.Consumer<Map<String, @Nullable String>> change) {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      Map<String, @Nullable String> metadata = new LinkedHashMap<>(opened.metadata());
      change.accept(metadata);
      List<TensorSource> tensors = new ArrayList<>();
      opened.inFileOrder().forEach(info -> tensors.add(opened.stored(info.name())));
      SafetensorsWriter.write(file, metadata, tensors);
    }
  }

  private static void assertSameTensors(Path found, Path expected) throws IOException {
    try (SafetensorsFile a = SafetensorsFile.open(found);
        SafetensorsFile b = SafetensorsFile.open(expected)) {
      assertThat(a.tensors()).isEqualTo(b.tensors());
      for (String name : b.tensors().keySet()) {
        assertThat(bytes(a, name)).as(name).isEqualTo(bytes(b, name));
      }
    }
  }

  private static ByteBuffer bytes(SafetensorsFile file, String name) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    file.copyBytes(name, Channels.newChannel(out));
    return ByteBuffer.wrap(out.toByteArray());
  }
}
