package org.realera.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.tensor.ComputeChoice;
import picocli.CommandLine.Option;

/**
 * {@code --device}: where networks run. By itself for commands that always compute in fp32: text
 * encoders and scorers, whose figures are compared between machines.
 */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      completionCandidates = CompletionWords.Devices.class,
      description =
          "auto, cpu, cuda or cuda:N. Default: $REALERA_DEVICE, else auto, which takes a GPU if"
              + " there is one.",
      order = 80)
  private @Nullable String device;

  /**
   * The device asked for, checked as a word; whether it is there, the engine will say.
   *
   * @throws RealeraException (usage) for a word that is no device
   */
  String device(Map<String, String> env) {
    String chosen = device == null ? env.getOrDefault("REALERA_DEVICE", "") : device;
    String where = chosen.isBlank() ? ComputeChoice.AUTO : chosen.toLowerCase(Locale.ROOT);
    if (!ComputeChoice.isDevice(where)) {
      String name = device == null ? "REALERA_DEVICE" : "--device";
      String hint = where.startsWith("gpu") ? " (a GPU is cuda)." : "";
      throw RealeraException.usage(
          name + " is '" + chosen + "', which is no device",
          "Use auto, cpu, cuda or cuda:N" + hint);
    }
    return where;
  }

  /** The same as a choice, in fp32. */
  ComputeChoice fp32(Map<String, String> env) {
    return ComputeChoice.fp32(device(env));
  }
}
