package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

class SingleFileKindTest {
  @TempDir Path temp;

  @Test
  void anInpaintingModelIsNamed() {
    Path file = temp.resolve("inpainting.safetensors");
    SafetensorsWriter.write(
        file,
        Map.of(),
        List.of(
            tensor("cond_stage_model.transformer.text_model.final_layer_norm.bias"),
            TensorSource.of(
                "model.diffusion_model.input_blocks.0.0.weight",
                DType.F32,
                List.of(1L, 9L, 1L, 1L),
                new float[9])));
    assertDamaged(file, "takes 9 latent channels");
  }

  @ParameterizedTest
  @CsvSource({
    "cond_stage_model.model.transformer.resblocks.0.ln_1.bias, no model of a kind",
    "conditioner.embedders.1.model.ln_final.weight, a Stable Diffusion XL model",
    "model.diffusion_model.label_emb.0.0.weight, a Stable Diffusion XL model",
    "conditioner.embedders.0.model.ln_final.weight, a Stable Diffusion XL refiner",
    "model.diffusion_model.joint_blocks.0.context_block.attn.qkv.weight, Stable Diffusion 3",
    "double_blocks.0.img_attn.qkv.weight, a Flux model",
    "model.diffusion_model.double_blocks.0.img_attn.qkv.weight, a Flux model",
    "lora_unet_mid_block_attentions_0_proj_in.lora_down.weight, a LoRA",
    "unet.mid_block.attentions.0.proj_in.lora_A.weight, a LoRA",
    "control_model.input_blocks.0.0.weight, a ControlNet",
    "down_blocks.0.resnets.0.conv1.weight, one component of a diffusers folder",
    "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight, the changed projections of an"
        + " edited model alone",
    "first_stage_model.quant_conv.weight, a VAE alone",
    "model.diffusion_model.out.0.weight, a U-Net alone",
    "emb_params, no model of a kind that is known here"
  })
  void aFileOfAnotherKindIsNamedAsSuch(String tensor, String words) {
    Path other = temp.resolve("other.safetensors");
    SafetensorsWriter.write(other, Map.of(), List.of(tensor(tensor)));
    assertDamaged(other, words);
  }

  @ParameterizedTest
  @CsvSource({
    "x, 9, a Stable Diffusion 2 inpainting model",
    "x, 5, a Stable Diffusion 2 depth model",
    "depth_model.model.scratch.layer1_rn.weight, 4, a Stable Diffusion 2 depth model",
    "model.diffusion_model.label_emb.weight, 7, a Stable Diffusion 2 upscaler",
    "low_res_model.sqrt_alphas_cumprod, 4, a Stable Diffusion 2 upscaler",
    "model.diffusion_model.label_emb.0.0.weight, 4, a Stable Diffusion 2 unCLIP model",
    "x, 8, a Stable Diffusion 2 model that takes 8 latent channels",
  })
  void aRelativeOfStableDiffusion2IsNamedAsSuch(String tensor, long channels, String words) {
    Path file = temp.resolve("second.safetensors");
    SafetensorsWriter.write(
        file,
        Map.of(),
        List.of(
            tensor("cond_stage_model.model.transformer.resblocks.0.ln_1.weight"),
            conv(channels),
            tensor(tensor)));
    assertDamaged(file, words);
  }

  @ParameterizedTest
  @CsvSource({
    "x, a Stable Diffusion 2 model in SDXL's layout",
    "model.diffusion_model.label_emb.0.0.weight, a Stable Diffusion XL refiner"
  })
  void aRefinerIsToldFromSdTurbo(String tensor, String words) {
    Path file = temp.resolve("turbo.safetensors");
    SafetensorsWriter.write(
        file,
        Map.of(),
        List.of(tensor("conditioner.embedders.0.model.ln_final.bias"), conv(4), tensor(tensor)));
    assertDamaged(file, words);
  }

  private static TensorSource conv(long channels) {
    return TensorSource.of(
        "model.diffusion_model.input_blocks.0.0.weight",
        DType.F32,
        List.of(1L, channels, 1L, 1L),
        new float[(int) channels]);
  }

  private static TensorSource tensor(String name) {
    return TensorSource.of(name, DType.F32, List.of(), new float[1]);
  }

  private static void assertDamaged(Path path, String message) {
    assertThatThrownBy(() -> SingleFile.read(path, Optional.empty()))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
  }
}
