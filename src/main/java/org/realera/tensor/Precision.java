package org.realera.tensor;

import java.util.Locale;
import org.realera.safetensors.DType;

/**
 * The floating-point type a network computes in ({@code --dtype}). LoRA weights are always fp32.
 */
public enum Precision {
  FP32(DType.F32),
  BF16(DType.BF16),
  FP16(DType.F16);

  private final DType dtype;

  Precision(DType dtype) {
    this.dtype = dtype;
  }

  public DType dtype() {
    return dtype;
  }

  /** As {@code --dtype} and the files call it: {@code fp16}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
