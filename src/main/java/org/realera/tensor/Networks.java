package org.realera.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** Gives a network its weights. */
public final class Networks {
  private Networks() {}

  /**
   * Compiles a network and hands it every floating-point tensor of a checkpoint, cast and moved one
   * by one. On a CPU, tensors of its precision stay where the checkpoint has mapped them; of the
   * others nothing stays but the network's copy.
   *
   * @param name source of the network, without {@code .py}; it has {@code put} as in unet.py
   * @param weights borrowed: must stay open until the network is closed
   * @return the network, owned by the caller
   */
  public static TorchScript load(String name, Weights weights, Compute compute) {
    return load(name, weights, compute, Long.MAX_VALUE);
  }

  /**
   * The same; where {@link PackedWeights} serve, weights of {@code packedFrom} numbers or more are
   * packed one by one.
   *
   * @param name a network whose source has {@code pack} as in unet.py, too
   */
  public static TorchScript load(String name, Weights weights, Compute compute, long packedFrom) {
    boolean packs = packedFrom < Long.MAX_VALUE && PackedWeights.serve(compute);
    TorchScript network = packs ? TorchScript.loadPacking(name) : TorchScript.load(name);
    try (NDManager scope = NDManager.newBaseManager(compute.device());
        NDManager host = NDManager.newBaseManager(Device.cpu())) {
      NDArray like = scope.create(0f);
      int type = compute.precision().dtype().scalarType();
      for (TensorInfo info : weights.tensors().values()) {
        if (info.dtype().isFloating()) {
          boolean packed =
              packs && info.name().endsWith(Edits.WEIGHT) && info.elements() >= packedFrom;
          boolean staysMapped =
              !compute.isGpu() && info.dtype() == compute.precision().dtype() && !packed;
          TensorSource.Stored stored = weights.stored(info.name());
          try (NDArray tensor = staysMapped ? stored.read(host) : stored.copy(host)) {
            network.run("put", info.name(), tensor, like, type);
          }
          if (packed) {
            network.run("pack", info.name());
          }
        }
      }
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }
}
