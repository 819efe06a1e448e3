package org.realera.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Finite;
import org.realera.tensor.Networks;
import org.realera.tensor.Precision;
import org.realera.tensor.TorchScript;

/** E(p): the text encoder of Stable Diffusion 1.x and 2.x, transformers' {@code CLIPTextModel}. */
public final class ClipTextEncoder implements AutoCloseable {
  private final TorchScript network;
  private final Precision precision;

  private ClipTextEncoder(TorchScript network, Precision precision) {
    this.network = network;
    this.precision = precision;
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
    return new ClipTextEncoder(network, compute.precision());
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

  /**
   * Encodes prompts whose tokens need be none of the vocabulary.
   *
   * @param rows what stands in place of the tokens' own rows, before their positions are added, [n,
   *     length, d]
   * @return as {@link #encode}
   */
  public NDArray encodeRows(NDManager scope, NDArray rows) {
    return network.tensor(scope, "encode_rows", rows);
  }

  /**
   * The gradient at the tokens' rows of anything whose gradient at E is known.
   *
   * @param rows as {@link #encodeRows} takes them
   * @param gradient at E of these rows, [n, length, d]
   * @return [n, length, d] fp32 on the compute device, owned by {@code scope}
   */
  public NDArray pullBack(NDManager scope, NDArray rows, NDArray gradient) {
    return network.tensor(scope, "pull_back", rows, gradient);
  }

  /**
   * Checks what {@link #encode} gave.
   *
   * @param encoded [n, length, d], borrowed
   * @param prompts what was encoded, for the message
   * @throws RealeraException (damaged, in fp16 and bf16 failed) if the numbers of one are not
   *     finite
   */
  public void requireFinite(NDArray encoded, List<String> prompts) {
    int broken = Finite.firstBroken(encoded);
    if (broken < 0) {
      return;
    }
    boolean exact = precision == Precision.FP32;
    throw new RealeraException(
        exact ? RealeraException.Kind.DAMAGED : RealeraException.Kind.FAILED,
        "the text encoder gives numbers that are not finite in %s for \"%s\""
            .formatted(precision.label(), prompts.get(broken)),
        exact
            ? "The text encoder's weights are broken: fetch the model again."
            : "Try --dtype fp32; if that is the same, the weights are broken.");
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
