package org.realera.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Networks;
import org.realera.tensor.TorchScript;

/** E(p): the text encoder of Stable Diffusion 1.x and 2.x, transformers' {@code CLIPTextModel}. */
public final class ClipTextEncoder implements AutoCloseable {
  private final TorchScript network;

  private ClipTextEncoder(TorchScript network) {
    this.network = network;
  }

  /**
   * Loads the encoder.
   *
   * @param weights borrowed: must stay open until this is closed
   */
  public static ClipTextEncoder load(Weights weights, ClipTextConfig config, Compute compute) {
    TorchScript network = Networks.load("clip_text", weights, compute);
    network.run(
        "configure", config.layers(), config.heads(), config.hiddenAct(), config.layerNormEps());
    return new ClipTextEncoder(network);
  }

  /**
   * Encodes prompts: the last hidden state, after the final layer norm.
   *
   * @param ids token ids, [n][length], all of one length of at most 77
   * @return [n, length, d] fp32 on the compute device, owned by {@code scope}
   */
  public NDArray encode(NDManager scope, long[][] ids) {
    try (NDArray tokens = pack(scope, ids)) {
      return network.tensor(scope, "encode", tokens);
    }
  }

  private static NDArray pack(NDManager scope, long[][] ids) {
    long[] flat = Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray();
    return scope.create(flat, new Shape(ids.length, flat.length / ids.length));
  }

  @Override
  public void close() {
    network.close();
  }
}
