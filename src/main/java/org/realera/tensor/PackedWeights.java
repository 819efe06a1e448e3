package org.realera.tensor;

/**
 * Which networks have weights in the order that oneDNN computes with, made once ({@code
 * packed.py}). Otherwise oneDNN makes it anew for each call, which for a large weight and few
 * pixels takes longer than all the rest of the call.
 *
 * <p>In bf16 on a CPU alone: there the packed weight replaces a copy that is made anyway. In fp32
 * the network computes on the file as it is mapped, and packing would hold a copy of most of it.
 */
public final class PackedWeights {
  /**
   * Weights of fewer numbers are not packed: they would gain little more, and a pass with gradients
   * holds what is packed twice.
   */
  public static final long LEAST_NUMBERS = 1 << 20;

  private PackedWeights() {}

  /** Asked for once, when it is first needed: a script of a few lines is compiled. */
  private static final class OneDnn {
    static final boolean IN_BF16 = inBf16();

    private static boolean inBf16() {
      try (TorchScript probe = TorchScript.loadPacking("onednn")) {
        return probe.truth("bf16");
      } catch (IllegalStateException e) {
        return false; // a libtorch without oneDNN, or with another, does not know the operators
      }
    }
  }

  /** Whether networks that run so can have packed weights. */
  public static boolean serve(Compute compute) {
    return !compute.isGpu() && compute.precision() == Precision.BF16 && OneDnn.IN_BF16;
  }
}
