package org.realera.tensor;

import ai.djl.Device;

/**
 * Where, in which type and how networks run: all that may change the last digits of a result.
 *
 * @param device {@code Device.cpu()} or {@code Device.gpu(n)}
 * @param precision the type of weights and activations
 * @param gradientCheckpointing on the way back each layer is run once more, so that its activations
 *     need not be kept: less memory, more time
 */
public record Compute(Device device, Precision precision, boolean gradientCheckpointing) {

  /** Without checkpointing. */
  public Compute(Device device, Precision precision) {
    this(device, precision, false);
  }

  public boolean isGpu() {
    return device.isGpu();
  }

  /** {@code cpu} or {@code cuda}: what results depend on; which GPU it was, they do not. */
  public String deviceKind() {
    return isGpu() ? "cuda" : "cpu";
  }

  /** {@code cpu} or {@code cuda:N}. */
  public String deviceName() {
    return isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  /** The same place in fp32. */
  public Compute inFp32() {
    return new Compute(device, Precision.FP32);
  }

  /** For people: {@code cuda:0, fp16}. */
  @Override
  public String toString() {
    return deviceName() + ", " + precision.label();
  }
}
