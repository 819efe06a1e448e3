package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.tensor.DType;
import org.realera.tensor.SafetensorsWriter;
import org.realera.tensor.TensorSource;

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
    "first_stage_model.quant_conv.weight, a VAE alone",
    "model.diffusion_model.out.0.weight, a U-Net alone",
    "emb_params, no model of a kind that is known here"
  })
  void aFileOfAnotherKindIsNamedAsSuch(String tensor, String words) {
    Path other = temp.resolve("other.safetensors");
    SafetensorsWriter.write(other, Map.of(), List.of(tensor(tensor)));
    assertDamaged(other, words);
  }

  private static TensorSource tensor(String name) {
    return TensorSource.of(name, DType.F32, List.of(), new float[1]);
  }

  private static void assertDamaged(Path path, String message) {
    assertThatThrownBy(() -> SingleFile.read(path))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
  }
}
