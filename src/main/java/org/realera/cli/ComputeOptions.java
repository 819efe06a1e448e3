package org.realera.cli;

import java.util.Locale;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.tensor.ComputeChoice;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --device} and {@code --dtype}: where and in which precision networks run. */
final class ComputeOptions {
  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      completionCandidates = CompletionWords.ComputeTypes.class,
      description =
          "What networks compute in: auto (fp16 on a GPU, fp32 on a CPU), fp32, bf16 or fp16.",
      order = 81)
  private String dtype = ComputeChoice.AUTO;

  /**
   * Both as asked for.
   *
   * @throws RealeraException (usage) for a word that is no device or no type
   */
  ComputeChoice choice(Map<String, String> env) {
    String where = device.device(env);
    if (!ComputeChoice.DTYPES.contains(dtype.toLowerCase(Locale.ROOT))) {
      throw RealeraException.usage(
          "--dtype is '" + dtype + "', which is no type to compute in",
          "Use auto, fp32, bf16 or fp16.");
    }
    return ComputeChoice.of(where, dtype);
  }
}
