package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.files.Environment;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** The miniature of Stable Diffusion 2 as a single file; what is as in 1 is not tested again. */
class StableDiffusion2SingleFileTest {
  private static final String LAYER = "cond_stage_model.model.transformer.resblocks.1.";
  private static final String FUSED = LAYER + "attn.in_proj_weight";
  private static final String SELF = "text_model.encoder.layers.1.self_attn.";

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void write() {
    file = temp.resolve("tiny2.safetensors");
    SingleFiles.write(folder(), Optional.empty(), Map.of("format", "pt"), file);
  }

  @Test
  void aModelComesBackFromASingleFileToTheByte() throws IOException {
    Path back = temp.resolve("back");
    assertThat(FolderWriter.write(single(), Map.of(), Optional.empty(), back)).isEmpty();
    for (Path expected : TinyModel.files(TinyModel.second())) {
      Path found = back.resolve(TinyModel.second().relativize(expected).toString());
      if (found.toString().endsWith(".safetensors")) {
        assertSameTensors(found, expected);
      } else {
        assertThat(found).hasSameBinaryContentAs(expected);
      }
    }
    assertThat(TinyModel.files(back)).hasSameSizeAs(TinyModel.files(TinyModel.second()));
    Path again = temp.resolve("again.safetensors");
    SingleFiles.write(Checkpoint.open(back), Optional.empty(), Map.of("format", "pt"), again);
    assertThat(again).hasSameBinaryContentAs(file);
  }

  @Test
  void queriesKeysAndValuesLieInOneTensorInThisOrder() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        SafetensorsFile written = SafetensorsFile.open(file);
        Weights text = folder().openTextEncoder()) {
      for (String kind : List.of("weight", "bias")) {
        NDList parts = new NDList();
        for (String part : List.of("q_proj.", "k_proj.", "v_proj.")) {
          parts.add(text.read(SELF + part + kind, scope));
        }
        NDArray fused = written.read(LAYER + "attn.in_proj_" + kind, scope);
        assertThat(fused)
            .isEqualTo(ai.djl.ndarray.NDArrays.concat(parts, 0))
            .isNotEqualTo(fused.zerosLike());
      }
    }
  }

  @Test
  void theTextEncoderHasTheNamesOfOpenClipAndNoOther() {
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      assertThat(written.tensors().keySet())
          .contains(
              FUSED,
              "cond_stage_model.model.positional_embedding",
              "cond_stage_model.model.token_embedding.weight",
              "cond_stage_model.model.ln_final.weight")
          .noneMatch(name -> name.startsWith("cond_stage_model.transformer."));
    }
  }

  @Test
  void aSingleFileIsTheModelThatItWasMadeFrom() {
    Checkpoint model = single();
    model.verify();
    model.verifyFinite();
    assertThat(model.isVersion2()).isTrue();
    assertThat(model.guessedPrediction()).isEmpty();
    assertThat(model.schedulerConfig()).isEqualTo(folder().schedulerConfig());
    assertThat(model.fingerprints()).isEqualTo(folder().fingerprints());
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Weights expected = folder().openTextEncoder();
        Weights found = model.openTextEncoder()) {
      expected
          .tensors()
          .keySet()
          .forEach(
              name -> assertThat(found.read(name, scope)).isEqualTo(expected.read(name, scope)));
    }
  }

  @Test
  void aPartIsReadInEveryType() {
    for (DType dtype : List.of(DType.F16, DType.BF16)) {
      Path narrow = temp.resolve(dtype + ".safetensors");
      Path back = temp.resolve("back-" + dtype);
      SingleFiles.write(folder(), Optional.of(dtype), Map.of(), narrow);
      FolderWriter.write(folder(), Map.of(), Optional.of(dtype), back);
      Checkpoint read = Checkpoint.open(narrow, cache());
      assertThat(read.fingerprints()).isEqualTo(Checkpoint.open(back).fingerprints());
      try (NDManager scope = NDManager.newBaseManager(Device.cpu());
          Weights expected = Checkpoint.open(back).openTextEncoder();
          Weights found = read.openTextEncoder()) {
        String keys = SELF + "k_proj.weight";
        assertThat(found.read(keys, scope)).isEqualTo(expected.read(keys, scope));
      }
    }
  }

  @Test
  void whatTheEncoderHasBeyondUseIsIgnoredInAFolderAndKeptInACopy() throws IOException {
    TensorSource layer =
        TensorSource.of(
            "cond_stage_model.model.transformer.resblocks.2.ln_1.bias",
            DType.F32,
            List.of(2L),
            new float[] {1, 2});
    TensorSource projection =
        TensorSource.of(
            "cond_stage_model.model.text_projection", DType.F32, List.of(1L), new float[] {3});
    change(Optional::of, layer, projection);
    assertThat(single().fingerprints()).isEqualTo(folder().fingerprints());
    Path copy = temp.resolve("copy.safetensors");
    SingleFiles.write(single(), Optional.empty(), Map.of(), copy);
    assertSameTensors(copy, file);
    SingleFiles.write(single(), Optional.of(DType.F16), Map.of(), copy);
    try (SafetensorsFile half = SafetensorsFile.open(copy)) {
      assertThat(half.tensors().values()).allMatch(info -> info.dtype() == DType.F16);
      assertThat(half.tensors()).containsKey("cond_stage_model.model.text_projection");
    }
  }

  @Test
  void aMissingTensorIsNamedAsTheFileWouldCallIt() {
    change(tensor -> Optional.of(tensor).filter(t -> !t.info().name().equals(FUSED)));
    assertRefused(Kind.DAMAGED, FUSED + " [96, 32] is missing");
  }

  @Test
  void aTensorOfAThirdOfItsSizeIsNotTakenForTheWhole() {
    change(
        tensor ->
            Optional.of(
                tensor.info().name().equals(FUSED)
                    ? tensor.part(0, FUSED, List.of(32L, 32L))
                    : tensor));
    assertRefused(Kind.DAMAGED, FUSED + " should be [96, 32], found [32, 32]");
  }

  @Test
  void partsOfSeveralTypesAreNotJoined() throws IOException {
    Path mixed = temp.resolve("mixed");
    FolderWriter.write(folder(), Map.of(), Optional.empty(), mixed);
    Path weights = mixed.resolve("text_encoder/model.safetensors");
    try (SafetensorsFile opened = SafetensorsFile.open(weights)) {
      List<TensorSource> tensors = new ArrayList<>();
      for (TensorInfo info : opened.inFileOrder()) {
        TensorSource.Stored stored = opened.stored(info.name());
        tensors.add(info.name().equals(SELF + "k_proj.weight") ? stored.as(DType.F16) : stored);
      }
      SafetensorsWriter.write(weights, opened.metadata(), tensors);
    }
    Path out = temp.resolve("mixed.safetensors");
    assertThatThrownBy(
            () -> SingleFiles.write(Checkpoint.open(mixed), Optional.empty(), Map.of(), out))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(FUSED)
        .hasMessageContaining("F16")
        .hasMessageContaining("F32");
    assertThat(out).doesNotExist();
    SingleFiles.write(Checkpoint.open(mixed), Optional.of(DType.F32), Map.of(), out);
    assertThat(out).exists();
  }

  @Test
  void aFileThatCarriesItsSchedulerIsNotToldWhatItPredicts() {
    assertThatThrownBy(() -> Checkpoint.open(file, Optional.of(Prediction.V), cache()))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("--prediction has no use")
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.USAGE);
    assertThatThrownBy(() -> Checkpoint.open(TinyModel.second(), Optional.of(Prediction.V)))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("has a scheduler_config.json");
  }

  private static Checkpoint folder() {
    return Checkpoint.open(TinyModel.second());
  }

  private Checkpoint single() {
    return Checkpoint.open(file, cache());
  }

  private Environment cache() {
    return new Environment(Map.of("REALERA_CACHE", temp.resolve("cache").toString()));
  }

  private void assertRefused(Kind kind, String message) {
    assertThatThrownBy(this::single)
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(kind);
  }

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

  private static void assertSameTensors(Path found, Path expected) throws IOException {
    try (SafetensorsFile a = SafetensorsFile.open(found);
        SafetensorsFile b = SafetensorsFile.open(expected)) {
      assertThat(a.tensors()).isEqualTo(b.tensors());
      for (String name : b.tensors().keySet()) {
        assertThat(bytes(a, name)).as(name).isEqualTo(bytes(b, name));
      }
    }
  }

  private static byte[] bytes(SafetensorsFile file, String name) throws IOException {
    var out = new ByteArrayOutputStream();
    file.copyBytes(name, Channels.newChannel(out));
    return out.toByteArray();
  }
}
