package org.realera.scorer.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.ClipVisionConfig;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Networks;
import org.realera.tensor.TorchScript;

/** Texts and images in one space: transformers' {@code CLIPModel}. */
public final class ClipModel implements AutoCloseable {
  private final TorchScript network;

  private ClipModel(TorchScript network) {
    this.network = network;
  }

  /**
   * Loads both towers.
   *
   * @param weights borrowed: must stay open until this is closed
   */
  public static ClipModel load(
      Weights weights, ClipTextConfig text, ClipVisionConfig vision, Compute compute) {
    TorchScript network = Networks.load("clip", weights, compute);
    network.run(
        "configure_text", text.layers(), text.heads(), text.hiddenAct(), text.layerNormEps());
    network.run(
        "configure_vision",
        vision.layers(),
        vision.heads(),
        vision.hiddenAct(),
        vision.layerNormEps(),
        vision.patchSize());
    return new ClipModel(network);
  }

  /**
   * Projected text features, not normalised ({@code get_text_features}).
   *
   * @param ids token ids, [n][length]; end-of-text must be the vocabulary's highest id
   * @return [n, projection] fp32, owned by {@code scope}
   */
  public NDArray textFeatures(NDManager scope, long[][] ids) {
    long[] flat = Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray();
    try (NDArray tokens = scope.create(flat, new Shape(ids.length, flat.length / ids.length))) {
      return network.tensor(scope, "text_features", tokens);
    }
  }

  /**
   * Projected image features, not normalised ({@code get_image_features}).
   *
   * @param pixels [n, 3, size, size], resized and normalised as the model was trained
   * @return [n, projection] fp32, owned by {@code scope}
   */
  public NDArray imageFeatures(NDManager scope, NDArray pixels) {
    return network.tensor(scope, "image_features", pixels);
  }

  @Override
  public void close() {
    network.close();
  }
}
