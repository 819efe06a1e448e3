package org.realera.checkpoint;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.realera.RealeraException;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;

/** What a {@code .safetensors} file holds, told by its tensors' names; the first that fits. */
public enum SingleFileKind {
  LORA("a LoRA, not a model"),
  FLUX("a Flux model"),
  SD3("a Stable Diffusion 3 model"),
  SD2_UNCLIP("a Stable Diffusion 2 unCLIP model"),
  SD2_UPSCALER("a Stable Diffusion 2 upscaler"),
  SD2_DEPTH("a Stable Diffusion 2 depth model"),
  SD2_INPAINTING("a Stable Diffusion 2 inpainting model"),
  SDXL("a Stable Diffusion XL model"),
  SDXL_REFINER("a Stable Diffusion XL refiner"),
  SD2_TURBO("a Stable Diffusion 2 model in SDXL's layout (SD-Turbo's)"),
  SD2("a Stable Diffusion 2 model"),
  CONTROLNET("a ControlNet, not a model"),
  SD1("a Stable Diffusion 1 model"),
  UNET_ONLY("a U-Net alone, in the original layout"),
  VAE_ONLY("a VAE alone"),
  DELTA("the changed projections of an edited model alone"),
  COMPONENT("one component of a diffusers folder"),
  OTHER("no model of a kind that is known here");

  /** Channels of the latents that the first convolution of a plain model takes. */
  private static final long LATENT_CHANNELS = 4;

  private static final long UPSCALER_CHANNELS = 7;
  private static final long DEPTH_CHANNELS = 5;
  private static final long INPAINTING_CHANNELS = 9;
  private static final Pattern PROJECTION =
      Pattern.compile("(down|mid|up)_blocks?\\..*\\.attn2\\.to_[kv]\\.weight");
  private static final String LABELS = LdmKeys.UNET + "label_emb.";

  private static final String FIRST = LdmKeys.UNET + "input_blocks.0.0.weight";

  private final String words;

  SingleFileKind(String words) {
    this.words = words;
  }

  /** Looks at the names of the tensors. */
  public static SingleFileKind of(SafetensorsFile file) {
    return Arrays.stream(values())
        .filter(kind -> kind.fits(file.tensors()))
        .findFirst()
        .orElse(OTHER);
  }

  /** What it is, to follow "is". */
  public String words() {
    return words;
  }

  /** Whether it is a whole model that can be worked with, as far as its tensors' names tell. */
  public boolean isModel() {
    return this == SD1 || this == SD2;
  }

  private boolean fits(SortedMap<String, TensorInfo> tensors) {
    return switch (this) {
      case LORA -> isLora(tensors);
      case FLUX -> has(tensors, "double_blocks.", "model.diffusion_model.double_blocks.");
      case SD3 -> has(tensors, "joint_blocks.", "model.diffusion_model.joint_blocks.");
      case SD2_UNCLIP -> isSecond(tensors) && has(tensors, LABELS + "0.");
      case SD2_UPSCALER ->
          isSecond(tensors)
              && (has(tensors, LABELS, "low_res_model.") || takes(tensors, UPSCALER_CHANNELS));
      case SD2_DEPTH ->
          isSecond(tensors) && (has(tensors, "depth_model.") || takes(tensors, DEPTH_CHANNELS));
      case SD2_INPAINTING -> isSecond(tensors) && takes(tensors, INPAINTING_CHANNELS);
      case SDXL ->
          has(tensors, "conditioner.embedders.1.")
              || (has(tensors, LABELS) && !has(tensors, "conditioner.embedders.0."));
      case SDXL_REFINER -> has(tensors, "conditioner.embedders.0.") && !isTurbo(tensors);
      case SD2_TURBO -> has(tensors, "conditioner.embedders.0.");
      case SD2 -> isSecond(tensors) && has(tensors, LdmKeys.UNET);
      case CONTROLNET -> has(tensors, "control_model.", "controlnet_");
      case SD1 -> has(tensors, LdmKeys.UNET) && has(tensors, LdmKeys.TEXT);
      case UNET_ONLY -> has(tensors, LdmKeys.UNET);
      case VAE_ONLY ->
          has(tensors, LdmKeys.VAE, "encoder.down", "decoder.up", "encoder.conv", "decoder.conv");
      case DELTA ->
          !tensors.isEmpty()
              && tensors.keySet().stream().allMatch(name -> PROJECTION.matcher(name).matches());
      case COMPONENT -> has(tensors, "down_blocks.", "up_blocks.", "mid_block.", "text_model.");
      case OTHER -> true;
    };
  }

  /**
   * Refuses all but a whole Stable Diffusion 1 or 2 model.
   *
   * @return which of them
   * @throws RealeraException (damaged) that says what the file holds and what to give instead
   */
  static SingleFileKind requireModel(SafetensorsFile file) {
    SingleFileKind kind = of(file);
    if (!kind.isModel()) {
      throw RealeraException.damaged(
          file.path() + " is " + kind.words + ", which is not supported here", kind.remedy());
    }
    TensorInfo first = file.tensors().get(FIRST);
    if (first != null && first.shape().size() == 4 && first.shape().get(1) != LATENT_CHANNELS) {
      throw RealeraException.damaged(
          "%s is %s that takes %s latent channels (%s is %s), expected %s"
              .formatted(
                  file.path(), kind.words, first.shape().get(1), FIRST, first.shapeText(), 4),
          "Inpainting and image-editing models are not supported; give the model they were made"
              + " from.");
    }
    return kind;
  }

  /**
   * Refuses a model whose VAE was left out, which is then kept in a file of its own.
   *
   * @throws RealeraException (damaged)
   */
  static void requireVae(SafetensorsFile file) {
    if (!has(file.tensors(), LdmKeys.VAE)) {
      throw RealeraException.damaged(
          "%s is %s without its VAE: it has no %s* tensors"
              .formatted(file.path(), of(file).words, LdmKeys.VAE),
          "Give a checkpoint that brings its VAE, or a diffusers folder.");
    }
  }

  private String remedy() {
    return switch (this) {
      case LORA, CONTROLNET, DELTA -> "Give the model that it was made for, as a file or folder.";
      case COMPONENT ->
          "Give the diffusers folder that holds model_index.json, or a whole checkpoint.";
      case UNET_ONLY, VAE_ONLY ->
          "Give a whole checkpoint: it has model.diffusion_model.*, first_stage_model.* and"
              + " cond_stage_model.* tensors.";
      case SD2_DEPTH, SD2_INPAINTING -> "Give the model that it was made from.";
      default -> "Give a Stable Diffusion 1.x or 2.x checkpoint, or a diffusers folder of one.";
    };
  }

  /** Has the text encoder of Stable Diffusion 2; other models have but its vision half there. */
  private static boolean isSecond(SortedMap<String, TensorInfo> tensors) {
    return has(tensors, OpenClipKeys.LAYERS);
  }

  private static boolean takes(SortedMap<String, TensorInfo> tensors, long channels) {
    TensorInfo first = tensors.get(FIRST);
    return first != null && first.shape().size() == 4 && first.shape().get(1) == channels;
  }

  /** An SDXL refiner has embeddings of sizes and scores; SD-Turbo is a plain Stable Diffusion 2. */
  private static boolean isTurbo(SortedMap<String, TensorInfo> tensors) {
    return has(tensors, LdmKeys.UNET) && !has(tensors, LABELS);
  }

  private static boolean has(SortedMap<String, TensorInfo> tensors, String... prefixes) {
    return Arrays.stream(prefixes)
        .anyMatch(
            prefix -> {
              SortedMap<String, TensorInfo> tail = tensors.tailMap(prefix);
              return !tail.isEmpty() && tail.firstKey().startsWith(prefix);
            });
  }

  private static boolean isLora(SortedMap<String, TensorInfo> tensors) {
    return tensors.keySet().stream()
        .anyMatch(
            name ->
                name.startsWith("lora_")
                    || name.contains(".lora_A.")
                    || name.contains(".lora_down.")
                    || name.contains(".lora.down.")
                    || name.contains("_lora.down."));
  }
}
