package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class FileSelectionTest {
  private static final Set<String> UNET = Set.of("unet");

  private static List<String> unet(String variant, String... names) {
    List<String> all = List.of(names).stream().map(n -> "unet/" + n).toList();
    return FileSelection.diffusers(all, UNET, variant).files().stream()
        .filter(f -> f.startsWith("unet/"))
        .map(f -> f.substring("unet/".length()))
        .toList();
  }

  @Test
  void oneFileIsPreferredToShardsAndSafetensorsToPickles() {
    assertThat(
            unet(
                "",
                "diffusion_pytorch_model-00001-of-00002.safetensors",
                "diffusion_pytorch_model-00002-of-00002.safetensors",
                "diffusion_pytorch_model.bin",
                "diffusion_pytorch_model.fp16.safetensors",
                "diffusion_pytorch_model.non_ema.safetensors",
                "diffusion_pytorch_model.safetensors",
                "diffusion_pytorch_model.safetensors.index.json"))
        .containsExactly("diffusion_pytorch_model.safetensors");
  }

  @Test
  void shardsComeWithTheirIndex() {
    assertThat(
            unet(
                "",
                "diffusion_pytorch_model-00001-of-00002.safetensors",
                "diffusion_pytorch_model-00002-of-00002.safetensors",
                "diffusion_pytorch_model.bin.index.json",
                "diffusion_pytorch_model.safetensors.index.fp16.json",
                "diffusion_pytorch_model.safetensors.index.json"))
        .containsExactly(
            "diffusion_pytorch_model-00001-of-00002.safetensors",
            "diffusion_pytorch_model-00002-of-00002.safetensors",
            "diffusion_pytorch_model.safetensors.index.json");
  }

  @Test
  void shardsOfAVariantAreKnownInBothSpellings() {
    assertThat(
            unet(
                "fp16",
                "diffusion_pytorch_model.fp16-00001-of-00001.safetensors",
                "diffusion_pytorch_model.safetensors",
                "diffusion_pytorch_model.safetensors.index.fp16.json"))
        .containsExactly(
            "diffusion_pytorch_model.fp16-00001-of-00001.safetensors",
            "diffusion_pytorch_model.safetensors.index.fp16.json");
    assertThat(unet("fp16", "model-00001-of-00001.fp16.safetensors"))
        .containsExactly("model-00001-of-00001.fp16.safetensors");
  }

  @Test
  void componentsThatTheIndexDoesNotListAreLeft() {
    List<String> all =
        List.of("unet/model.safetensors", "unet_ema/model.safetensors", "onnx/unet/x.json");
    assertThat(FileSelection.diffusers(all, UNET, "").files())
        .containsExactly("model_index.json", "unet/model.safetensors");
  }

  @Test
  void picklesAreRefusedWhereTheyWouldHaveToBeRead() {
    assertThatThrownBy(() -> unet("", "diffusion_pytorch_model.bin"))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
              assertThat(e).hasMessageContaining("unet has pickled weights only");
              assertThat(e.remedy()).contains("save_pretrained");
            });
    // Not read here, but from_pretrained wants it.
    assertThat(
            FileSelection.diffusers(
                    List.of("safety_checker/pytorch_model.bin"), Set.of("safety_checker"), "")
                .files())
        .contains("safety_checker/pytorch_model.bin");
  }

  @Test
  void aComponentWithoutWeightsIsNotFound() {
    assertThatThrownBy(() -> unet("", "config.json"))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
        .hasMessageContaining("unet has no weights on the hub")
        .hasMessageContaining("config.json");
  }

  @Test
  void aVariantThatIsNowhereIsNotFoundAndThoseThatAreThereAreNamed() {
    assertThatThrownBy(
            () ->
                unet(
                    "bf16",
                    "diffusion_pytorch_model.safetensors",
                    "diffusion_pytorch_model.fp16.safetensors"))
        .hasMessageContaining("no weights in the variant 'bf16'; it has fp16");
  }

  @Test
  void aModelOfTransformersKindIsItsTopFolder() {
    List<String> all =
        List.of(
            "config.json",
            "merges.txt",
            "model.safetensors",
            "pytorch_model.bin",
            "tf_model.h5",
            "onnx/config.json");
    assertThat(FileSelection.transformers(all, "").files())
        .containsExactly("config.json", "merges.txt", "model.safetensors");
  }
}
