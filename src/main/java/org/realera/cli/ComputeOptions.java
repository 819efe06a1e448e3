package org.realera.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import picocli.CommandLine.Option;

/** {@code --device} and {@code --dtype}: where and in which precision networks run. */
final class ComputeOptions {
  private static final List<String> DTYPES = List.of("auto", "fp32", "bf16", "fp16");

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "auto, cpu, cuda or cuda:N. Default: $REALERA_DEVICE, else auto, which takes a GPU if"
              + " there is one.",
      order = 80)
  private @Nullable String device;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "What networks compute in: auto (fp16 on a GPU, fp32 on a CPU), fp32, bf16 or fp16.",
      order = 81)
  private String dtype = "auto";

  /**
   * The device asked for, checked as a word; whether it is there, the engine will say.
   *
   * @throws RealeraException (usage) for a word that is no device
   */
  String device(Map<String, String> env) {
    String chosen = device == null ? env.getOrDefault("REALERA_DEVICE", "") : device;
    String where = chosen.isBlank() ? "auto" : chosen.toLowerCase(Locale.ROOT);
    if (!where.matches("auto|cpu|cuda(:\\d{1,3})?")) {
      String name = device == null ? "REALERA_DEVICE" : "--device";
      throw RealeraException.usage(
          name + " is '" + chosen + "', which is no device",
          "use auto, cpu, cuda or cuda:N" + (where.startsWith("gpu") ? " (a GPU is cuda)" : ""));
    }
    return where;
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
