package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.ClipTextLayout;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.checkpoint.architecture.UNetLayout;
import org.realera.checkpoint.architecture.VaeConfig;
import org.realera.checkpoint.architecture.VaeLayout;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** The tensors of a diffusers folder against its configurations. */
class DiffusersTensorsTest {
  @TempDir Path folder;

  private Path unet;

  @BeforeEach
  void copyModel() {
    TinyModel.copyTo(folder);
    unet = folder.resolve("unet/diffusion_pytorch_model.safetensors");
  }

  @Test
  void stableDiffusion14HasTheTensorsItIsKnownFor() {
    List<Integer> channels = List.of(320, 640, 1280, 1280);
    String cross = UNetConfig.CROSS_DOWN;
    String up = UNetConfig.CROSS_UP;
    UNetConfig unetConfig =
        new UNetConfig(
            64,
            4,
            4,
            channels,
            List.of(cross, cross, cross, "DownBlock2D"),
            List.of("UpBlock2D", up, up, up),
            2,
            768,
            List.of(8, 8, 8, 8),
            32,
            1e-5,
            false,
            true,
            0,
            "silu",
            false);
    SortedMap<String, List<Long>> unetLayout = UNetLayout.of(unetConfig);
    assertThat(unetLayout).hasSize(686);
    assertThat(elements(unetLayout)).isEqualTo(859_520_964L);
    VaeConfig vae =
        new VaeConfig(3, 3, 4, List.of(128, 256, 512, 512), 2, 32, "silu", 0.18215, 512);
    assertThat(VaeLayout.of(vae)).hasSize(248);
    assertThat(elements(VaeLayout.of(vae))).isEqualTo(83_653_863L);
    ClipTextConfig text = new ClipTextConfig(49408, 768, 3072, 12, 12, "quick_gelu", 1e-5, 77, 768);
    assertThat(ClipTextLayout.of(text)).hasSize(196);
    assertThat(elements(ClipTextLayout.of(text))).isEqualTo(123_060_480L);
  }

  @Test
  void aMissingTensorIsNamed() {
    rewriteUnet("conv_in.bias", null);
    assertDamaged(
        () -> Checkpoint.open(folder).verify(),
        unet
            + ": 1 of 208 tensors do not fit the config.json beside it: conv_in.bias [16] is"
            + " missing");
  }

  @Test
  void anExtraTensorIsNamed() {
    rewriteUnet("", TensorSource.of("zz.extra", DType.F32, List.of(2L), new float[2]));
    assertDamaged(() -> Checkpoint.open(folder).verify(), "zz.extra [2] is not part of it");
  }

  @Test
  void aWrongShapeIsNamedWithBothShapes() {
    rewriteUnet(
        "conv_in.bias", TensorSource.of("conv_in.bias", DType.F32, List.of(8L), new float[8]));
    assertDamaged(() -> Checkpoint.open(folder).verify(), "conv_in.bias should be [16], found [8]");
  }

  @Test
  void ofManyWrongTensorsTheFirstFewAreNamed() {
    TinyModel.edit(
        folder.resolve("unet/config.json"), "\"layers_per_block\": 1", "\"layers_per_block\": 2");
    assertDamaged(() -> Checkpoint.open(folder).verify(), "; and ");
  }

  @Test
  void nanWeightsAreFoundAndNamed() {
    float[] values = new float[16];
    values[9] = Float.NaN;
    rewriteUnet("conv_in.bias", TensorSource.of("conv_in.bias", DType.F32, List.of(16L), values));
    Checkpoint model = Checkpoint.open(folder);
    model.verify();
    assertDamaged(
        model::verifyFinite, "tensor conv_in.bias [16] holds NaN or infinity at element 9");
    assertDamaged(
        () -> model.fingerprintsOfFinite(Extent.WHOLE),
        "tensor conv_in.bias [16] holds NaN or infinity at element 9");
    values[9] = 0;
    for (DType half : List.of(DType.F16, DType.BF16)) {
      values[3] = Float.NEGATIVE_INFINITY;
      rewriteUnet("conv_in.bias", TensorSource.of("conv_in.bias", half, List.of(16L), values));
      assertDamaged(model::verifyFinite, "at element 3");
    }
  }

  @Test
  void theNamesOfOldVaesAndTheBufferOfOldTextEncodersAreUnderstood() throws IOException {
    Path vae = folder.resolve("vae/diffusion_pytorch_model.safetensors");
    renameAll(
        vae,
        Map.of(
            ".to_q.",
            ".query.",
            ".to_k.",
            ".key.",
            ".to_v.",
            ".value.",
            ".to_out.0.",
            ".proj_attn."));
    try (SafetensorsFile file = SafetensorsFile.open(vae)) {
      assertThat(file.tensors()).containsKey("decoder.mid_block.attentions.0.proj_attn.weight");
    }
    Path text = folder.resolve("text_encoder/model.safetensors");
    String ids = "text_model.embeddings.position_ids";
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      rewrite(text, "", TensorSource.of(ids, DType.I64, scope.create(new long[1][77])));
    }
    Checkpoint model = Checkpoint.open(folder);
    model.verify();
    try (Weights weights = model.openVae();
        Weights original = Checkpoint.open(TinyModel.folder()).openVae();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      String name = "decoder.mid_block.attentions.0.to_out.0.weight";
      assertThat(weights.tensors()).isEqualTo(original.tensors());
      assertThat(weights.read(name, scope)).isEqualTo(original.read(name, scope));
    }
  }

  /** transformers 5.6 and later have no text_model in a text encoder's names. */
  @Test
  void theFlatNamesOfNewTextEncodersAreUnderstood() {
    Path text = folder.resolve("text_encoder/model.safetensors");
    renameAll(text, Map.of("text_model.", ""));
    try (SafetensorsFile file = SafetensorsFile.open(text)) {
      assertThat(file.tensors()).containsKey("final_layer_norm.weight");
    }
    Checkpoint model = Checkpoint.open(folder);
    model.verify();
    try (Weights weights = model.openTextEncoder();
        Weights original = Checkpoint.open(TinyModel.folder()).openTextEncoder();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      String name = "text_model.encoder.layers.1.mlp.fc2.weight";
      assertThat(weights.tensors()).isEqualTo(original.tensors());
      assertThat(weights.read(name, scope)).isEqualTo(original.read(name, scope));
    }
  }

  @Test
  void theFingerprintDependsOnTensorsNotOnFiles() {
    assertThat(Checkpoint.open(folder).fingerprintsOfFinite(Extent.WHOLE))
        .isEqualTo(Checkpoint.open(folder).fingerprints());
    String before = Checkpoint.open(folder).fingerprint();
    assertThat(before).hasSize(64).isEqualTo(Checkpoint.open(TinyModel.folder()).fingerprint());
    renameAll(unet, Map.of()); // other metadata
    assertThat(Checkpoint.open(folder).fingerprint()).isEqualTo(before);
    rewriteUnet(
        "conv_in.bias", TensorSource.of("conv_in.bias", DType.F32, List.of(16L), new float[16]));
    Checkpoint edited = Checkpoint.open(folder);
    assertThat(edited.fingerprint()).isNotEqualTo(before);
    assertThat(edited.fingerprints().get("vae"))
        .isEqualTo(Checkpoint.open(TinyModel.folder()).fingerprints().get("vae"));
  }

  private void rewriteUnet(String dropped, @org.jspecify.annotations.Nullable TensorSource added) {
    rewrite(unet, dropped, added);
  }

  /** Writes the file anew without one tensor and with another. */
  private static void rewrite(
      Path path, String dropped, @org.jspecify.annotations.Nullable TensorSource added) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      List<TensorSource> tensors = new ArrayList<>();
      for (TensorInfo info : file.inFileOrder()) {
        if (!info.name().equals(dropped)) {
          tensors.add(TensorSource.stored(file, info.name()));
        }
      }
      if (added != null) {
        tensors.add(added);
      }
      SafetensorsWriter.write(path, file.metadata(), tensors);
    }
  }

  private static void renameAll(Path path, Map<String, String> renames) {
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<TensorSource> tensors = new ArrayList<>();
      for (TensorInfo info : file.inFileOrder()) {
        String name = info.name();
        if (name.contains(".attentions.") || name.startsWith("text_model.")) {
          for (Map.Entry<String, String> rename : renames.entrySet()) {
            name = name.replace(rename.getKey(), rename.getValue());
          }
        }
        tensors.add(TensorSource.of(name, info.dtype(), file.read(info.name(), scope)));
      }
      SafetensorsWriter.write(path, Map.of("format", "pt", "more", "words"), tensors);
    }
  }

  private static long elements(SortedMap<String, List<Long>> layout) {
    return layout.values().stream()
        .mapToLong(shape -> shape.stream().reduce(1L, Math::multiplyExact))
        .sum();
  }

  private static void assertDamaged(ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
  }
}
