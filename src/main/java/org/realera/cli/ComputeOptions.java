package org.realera.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.RealeraException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --device} and {@code --dtype}: where and in which precision networks run. */
final class ComputeOptions {
  /** The words that {@code --dtype} knows. */
  static final List<String> DTYPES = List.of("auto", "fp32", "bf16", "fp16");

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      completionCandidates = CompletionWords.ComputeTypes.class,
      description =
          "What networks compute in: auto (fp16 on a GPU, fp32 on a CPU), fp32, bf16 or fp16.",
      order = 81)
  private String dtype = "auto";

  /** See {@link DeviceOption#device}. */
  String device(Map<String, String> env) {
    return device.device(env);
  }

  /**
   * The precision asked for.
   *
   * @throws RealeraException (usage) for a word that is none
   */
  String dtype() {
    String chosen = dtype.toLowerCase(Locale.ROOT);
    if (!DTYPES.contains(chosen)) {
      throw RealeraException.usage(
          "--dtype is '" + dtype + "', which is no type to compute in",
          "use auto, fp32, bf16 or fp16");
    }
    return chosen;
  }
}
