package org.realera.tensor;

/**
 * Weights in the order that oneDNN computes with, made once. Otherwise oneDNN makes it anew for
 * each call, which for a large weight and few pixels takes longer than the call itself.
 *
 * <p>In bf16 on a CPU alone: there the packed weight replaces a copy that is made anyway. In fp32
 * the network computes on the file as it is mapped, and packing would take memory.
 */
public final class PackedWeights {
  /** Below this many numbers a weight is not packed: the gain is lost in the call. */
  public static final long FROM = 1 << 22;

  private PackedWeights() {}

  /** Asked for once, when it is first needed: a script of a few lines is compiled. */
  private static final class OneDnn {
    static final boolean IN_BF16 = inBf16();

    private static boolean inBf16() {
      try (TorchScript probe = TorchScript.load("onednn")) {
        return probe.truth("bf16");
      } catch (IllegalStateException e) {
        return false; // a libtorch without oneDNN does not know its operators
      }
    }
  }

  /** Whether weights can be packed for networks that run so. */
  public static boolean serve(Compute compute) {
    return !compute.isGpu() && compute.precision() == Precision.BF16 && OneDnn.IN_BF16;
  }
}
