package org.realera.checkpoint.architecture;

import java.nio.file.Path;
import org.realera.RealeraException;

/**
 * What the configurations of a Stable Diffusion model say together.
 *
 * @param text of the text encoder
 */
public record Architecture(
    UNetConfig unet, VaeConfig vae, ClipTextConfig text, SchedulerConfig scheduler) {

  /**
   * Reads the configurations of a diffusers folder and checks that they are of one model.
   *
   * @throws RealeraException not found, or damaged; names file, key, expected and found
   */
  public static Architecture read(Path root) {
    UNetConfig unet = UNetConfig.read(root.resolve("unet").resolve("config.json"));
    VaeConfig vae = VaeConfig.read(root.resolve("vae").resolve("config.json"));
    ClipTextConfig text = ClipTextConfig.read(root.resolve("text_encoder").resolve("config.json"));
    SchedulerConfig scheduler =
        SchedulerConfig.read(root.resolve("scheduler").resolve("scheduler_config.json"));
    requireEqual(
        root,
        "unet cross_attention_dim",
        unet.crossAttentionDim(),
        "text_encoder hidden_size",
        text.hiddenSize());
    int latents = vae.latentChannels();
    requireEqual(root, "unet in_channels", unet.inChannels(), "vae latent_channels", latents);
    requireEqual(root, "unet out_channels", unet.outChannels(), "vae latent_channels", latents);
    return new Architecture(unet, vae, text, scheduler);
  }

  private static void requireEqual(
      Path root, String name, int value, String otherName, int otherValue) {
    if (value != otherValue) {
      throw RealeraException.damaged(
          "%s: %s is %s, but %s is %s".formatted(root, name, value, otherName, otherValue),
          "Use the components of one model.");
    }
  }
}
