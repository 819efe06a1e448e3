package org.realera.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.hub.ModelLocator;
import picocli.CommandLine.Option;

/** {@code --model}: which model a command works on. */
final class ModelOption {
  static final String DEFAULT = "sd-v1-4";

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      completionCandidates = CompletionWords.Models.class,
      description = {
        "A diffusers folder, a .safetensors file of Stable Diffusion 1 or 2, a hub name (e.g."
            + " CompVis/stable-diffusion-v1-4, short sd-v1-4; fetched on first use), or pocket, the"
            + " small model that is built in.",
        "Default: $REALERA_MODEL, else sd-v1-4."
      },
      order = 1)
  private @Nullable String model;

  /** The model asked for, in its plainest form; looks nothing up on a hub. */
  String reference(Map<String, String> env) {
    String fromEnv = env.getOrDefault("REALERA_MODEL", "");
    String asked = model != null ? model : fromEnv.isBlank() ? DEFAULT : fromEnv;
    return ModelLocator.canonical(asked, env);
  }
}
