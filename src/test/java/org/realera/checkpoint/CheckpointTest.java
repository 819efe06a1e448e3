package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.safetensors.Weights;

class CheckpointTest {
  @TempDir Path folder;

  private Path unet;

  @BeforeEach
  void copyModel() {
    TinyModel.copyTo(folder);
    unet = folder.resolve("unet/diffusion_pytorch_model.safetensors");
  }

  @Test
  void aModelThatDiffusersWroteIsWhole() {
    Checkpoint model = Checkpoint.open(folder);
    model.verify();
    model.verifyFinite();
    assertThat(model.tokenizer().size()).isEqualTo(1514);
    try (Weights weights = model.openUnet()) {
      assertThat(CrossAttention.projections(weights))
          .hasSize(8)
          .isSorted()
          .contains("mid_block.attentions.0.transformer_blocks.0.attn2.to_k");
    }
  }

  @Test
  void theFp16VariantServesWhenThereIsNoPlainFile() throws IOException {
    Files.move(unet, unet.resolveSibling("diffusion_pytorch_model.fp16.safetensors"));
    Checkpoint.open(folder).verify();
  }

  @Test
  void aFolderThatIsNotADiffusersModelIsNotFound() throws IOException {
    assertThatThrownBy(() -> Checkpoint.open(folder.resolve("unet")))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("has no model_index.json")
        .extracting(e -> ((RealeraException) e).remedy())
        .asString()
        .endsWith("If " + unet + " is a whole model, name it.");
    assertThatThrownBy(() -> Checkpoint.open(folder.resolve("nowhere")))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("there is no folder");
    Files.delete(folder.resolve("vae/config.json"));
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("config.json is missing")
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void anotherKindOfPipelineIsRefused() {
    TinyModel.edit(
        folder.resolve("model_index.json"), "StableDiffusionPipeline", "StableDiffusionXLPipeline");
    assertDamaged(
        () -> Checkpoint.open(folder),
        "_class_name is \"StableDiffusionXLPipeline\", which is not supported (expected"
            + " StableDiffusionImg2ImgPipeline or StableDiffusionPipeline or"
            + " StableDiffusionPipelineSafe)");
  }

  @Test
  void componentsOfDifferentModelsAreRefused() {
    TinyModel.edit(
        folder.resolve("unet/config.json"),
        "\"cross_attention_dim\": 32",
        "\"cross_attention_dim\": 64");
    assertDamaged(
        () -> Checkpoint.open(folder),
        "unet cross_attention_dim is 64, but text_encoder hidden_size is 32");
  }

  private static void assertDamaged(ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
  }
}
