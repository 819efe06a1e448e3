package org.realera.tensor;

import ai.djl.Device;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.realera.RealeraException;

/**
 * Where, in which type and how networks are to run, as asked for: words are checked here, and
 * {@link Engine#compute(ComputeChoice)} says what they come to on this machine.
 *
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param precision empty for the device's own: fp16 on a GPU, fp32 on a CPU
 * @param gradientCheckpointing as in {@link Compute}
 */
public record ComputeChoice(
    String device, Optional<Precision> precision, boolean gradientCheckpointing) {
  public static final String AUTO = "auto";

  /** The words for {@link #precision}, as {@code --dtype} takes them. */
  public static final List<String> DTYPES = List.of(AUTO, "fp32", "bf16", "fp16");

  /**
   * @throws RealeraException (usage) for a word that is no device
   */
  public ComputeChoice {
    if (!isDevice(device)) {
      throw RealeraException.usage(
          "unknown device '" + device + "'", "Use --device auto, cpu, cuda or cuda:N");
    }
  }

  /**
   * Reads both words, in any case.
   *
   * @throws RealeraException (usage) for a word that is no device or no type
   */
  public static ComputeChoice of(String device, String dtype) {
    String type = dtype.toLowerCase(Locale.ROOT);
    if (!DTYPES.contains(type)) {
      throw RealeraException.usage(
          "unknown dtype '" + dtype + "'", "Use --dtype auto, fp32, bf16 or fp16.");
    }
    Optional<Precision> precision =
        type.equals(AUTO)
            ? Optional.empty()
            : Optional.of(Precision.valueOf(type.toUpperCase(Locale.ROOT)));
    return new ComputeChoice(device.toLowerCase(Locale.ROOT), precision, false);
  }

  /** In fp32 on any device: text encoders and scorers, whose figures machines compare. */
  public static ComputeChoice fp32(String device) {
    return new ComputeChoice(device, Optional.of(Precision.FP32), false);
  }

  /** The same, with or without checkpointing. */
  public ComputeChoice gradientCheckpointing(boolean on) {
    return new ComputeChoice(device, precision, on);
  }

  /** What it comes to on a device, which need not be there. */
  Compute on(Device where) {
    Precision own = where.isGpu() ? Precision.FP16 : Precision.FP32;
    return new Compute(where, precision.orElse(own), gradientCheckpointing);
  }

  /** Whether a word in lower case names a device, be it there or not. */
  public static boolean isDevice(String word) {
    return word.matches("auto|cpu|cuda(:\\d{1,3})?");
  }
}
