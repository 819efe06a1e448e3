package org.realera.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Networks;
import org.realera.tensor.PackedWeights;
import org.realera.tensor.TorchScript;

/**
 * The noise predictor eps(z_t, t, E(p)), diffusers' {@code UNet2DConditionModel}. One copy of the
 * weights serves the original and every edited model: what differs comes with each call.
 */
public final class UNet implements AutoCloseable {
  private final TorchScript network;
  private final Map<String, TensorInfo> tensors;
  private long passes;

  private UNet(TorchScript network, Map<String, TensorInfo> tensors) {
    this.network = network;
    this.tensors = tensors;
  }

  /**
   * Loads the network.
   *
   * @param weights borrowed: must stay open until this is closed
   * @param compute where and how; gradient checkpointing holds for gradients of predicted noise
   */
  public static UNet load(Weights weights, UNetConfig config, Compute compute) {
    return load(weights, config, compute, PackedWeights.LEAST_NUMBERS);
  }

  /** Packs weights of so many numbers or more, where that can be done. */
  static UNet load(Weights weights, UNetConfig config, Compute compute, long packedFrom) {
    TorchScript network = Networks.load("unet", weights, compute, packedFrom);
    network.run(
        "configure",
        config.attentionHeads().stream().mapToLong(Integer::longValue).toArray(),
        config.layersPerBlock(),
        config.normNumGroups(),
        config.normEps(),
        config.actFn(),
        config.upcastAttention(),
        config.flipSinToCos(),
        config.freqShift(),
        compute.gradientCheckpointing());
    return new UNet(network, weights.tensors());
  }

  /**
   * Predicts the noise in latents.
   *
   * @param latents z_t, [B, 4, h, w]
   * @param timesteps t, [B]
   * @param text E(p), [B, 77, d]
   * @param edits what differs from the original: any weight or bias, LoRA on any linear layer or
   *     convolution
   * @return eps, [B, 4, h, w] fp32 on the compute device, owned by {@code scope}
   */
  public NDArray predict(
      NDManager scope, NDArray latents, NDArray timesteps, NDArray text, Edits edits) {
    check(edits);
    count(latents);
    return network.tensor(
        scope, "predict", latents, timesteps, text, edits.tensors(), edits.loraScale());
  }

  /**
   * What the network is given.
   *
   * @param latents z_t, [B, 4, h, w]
   * @param timesteps t, [B]
   * @param text E(p), [B, 77, d]
   */
  public record Input(NDArray latents, NDArray timesteps, NDArray text) {}

  /**
   * A prediction, and how the text took part in it.
   *
   * @param eps [B, 4, h, w] fp32
   * @param maps softmax(q k^T / sqrt(d)) of every cross-attention, [B, heads, H, W, 77] fp32 with H
   *     x W the layer's pixels, by module ({@code
   *     mid_block.attentions.0.transformer_blocks.0.attn2}) in the order down, mid, up
   */
  public record AttentionMaps(NDArray eps, Map<String, NDArray> maps) {}

  /**
   * Predicts as {@link #predict} and keeps the cross-attention's maps: more memory, and the last
   * digits of eps may differ.
   *
   * @return on the compute device, owned by {@code scope}
   */
  public AttentionMaps crossAttention(
      NDManager scope, NDArray latents, NDArray timesteps, NDArray text, Edits edits) {
    check(edits);
    count(latents);
    Map<String, NDArray> maps =
        new TreeMap<>(
            network.tensorMap(
                scope,
                "cross_attention",
                latents,
                timesteps,
                text,
                edits.tensors(),
                edits.loraScale()));
    NDArray eps = Objects.requireNonNull(maps.remove("eps"));
    return new AttentionMaps(eps, maps);
  }

  /**
   * A loss and its slope.
   *
   * @param loss the weighted sum over the batch
   * @param gradients d loss / d tensor by the names of the trained edits, fp32, shaped as the
   *     tensor; without those that have no part in the loss
   */
  public record LossGradients(double loss, Map<String, NDArray> gradients) {}

  /**
   * The loss of predicted noise, {@code sum_i w_i mean((eps_i - target_i)^2)}, and its gradients.
   * Whatever the network computes in, trained tensors, loss and gradients are fp32.
   *
   * <p>Takes about 2 GB per latent of 64 x 64 in SD v1.4 on top of the weights, with gradient
   * checkpointing less than half of it, and 1.4 GB more where weights are packed: a batch that does
   * not fit can be given in parts, whose losses and gradients add up.
   *
   * @param target what should be predicted, [B, 4, h, w]
   * @param sampleWeights w, one for each sample
   * @param trained names of edits; all others are constants
   * @param startFixed no gradient goes through key and value of the text's start token (Concept
   *     Ablation)
   * @return gradients on the compute device, owned by {@code scope}
   * @throws IllegalArgumentException if nothing is trained, or what is no edit
   */
  public LossGradients noiseGradients(
      NDManager scope,
      Input input,
      NDArray target,
      double[] sampleWeights,
      Edits edits,
      Collection<String> trained,
      boolean startFixed) {
    check(edits);
    count(input.latents());
    float[] weights = new float[sampleWeights.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) sampleWeights[i];
    }
    return lossGradients(
        network.tensorMap(
            scope,
            "noise_gradients",
            input.latents(),
            input.timesteps(),
            input.text(),
            target,
            scope.create(weights),
            constants(edits, trained),
            leaves(edits, trained),
            edits.loraScale(),
            startFixed));
  }

  /**
   * Losses of a batch and their slopes at the text.
   *
   * @param losses mean((eps_i - target_i)^2) of each sample
   * @param gradient of each at its own text, [B, 77, d] fp32
   */
  @SuppressWarnings("ArrayRecordComponent") // a few numbers, read once
  public record TextGradients(double[] losses, NDArray gradient) {}

  /**
   * The loss of predicted noise of each sample, and its gradient at the sample's text.
   *
   * @param target what should be predicted, [B, 4, h, w]
   * @return the gradient on the compute device, owned by {@code scope}
   */
  public TextGradients textGradients(NDManager scope, Input input, NDArray target, Edits edits) {
    check(edits);
    count(input.latents());
    Map<String, NDArray> found =
        network.tensorMap(
            scope,
            "text_gradients",
            input.latents(),
            input.timesteps(),
            input.text(),
            target,
            edits.tensors(),
            edits.loraScale());
    try (NDArray losses = Objects.requireNonNull(found.get("losses"))) {
      float[] each = losses.toFloatArray();
      return new TextGradients(
          IntStream.range(0, each.length).mapToDouble(i -> each[i]).toArray(),
          Objects.requireNonNull(found.get("text")));
    }
  }

  /**
   * What cross-attention gives to some tokens, and its gradients: see {@link AttentionLoss}. Edits
   * and results as in {@link #noiseGradients}, but never with gradient checkpointing.
   */
  public LossGradients attentionGradients(
      NDManager scope, Input input, AttentionLoss loss, Edits edits, Collection<String> trained) {
    check(edits);
    count(input.latents());
    NDArray given = loss.mask();
    NDArray mask =
        given != null ? given : scope.ones(new Shape(input.text().getShape().get(0), 1, 1, 1));
    return lossGradients(
        network.tensorMap(
            scope,
            "attention_gradients",
            input.latents(),
            input.timesteps(),
            input.text(),
            scope.create(loss.tokens().stream().mapToLong(Integer::longValue).toArray()),
            mask,
            loss.layerByLayer(),
            constants(edits, trained),
            leaves(edits, trained),
            edits.loraScale()));
  }

  private static LossGradients lossGradients(Map<String, NDArray> found) {
    Map<String, NDArray> results = new TreeMap<>(found);
    NDArray loss = Objects.requireNonNull(results.remove("loss"));
    try (loss) {
      return new LossGradients(loss.getFloat(), results);
    }
  }

  private static Map<String, NDArray> leaves(Edits edits, Collection<String> trained) {
    if (trained.isEmpty() || !edits.tensors().keySet().containsAll(trained)) {
      throw new IllegalArgumentException("no edits to train: " + trained);
    }
    Map<String, NDArray> leaves = new TreeMap<>(edits.tensors());
    leaves.keySet().retainAll(Set.copyOf(trained));
    return leaves;
  }

  private static Map<String, NDArray> constants(Edits edits, Collection<String> trained) {
    Map<String, NDArray> constants = new TreeMap<>(edits.tensors());
    constants.keySet().removeAll(Set.copyOf(trained));
    return constants;
  }

  /** How many samples have gone through it, those whose gradients followed among them. */
  public long passes() {
    return passes;
  }

  private void count(NDArray latents) {
    passes += latents.getShape().get(0);
  }

  private void check(Edits edits) {
    edits
        .tensors()
        .forEach(
            (name, edit) -> {
              if (!fits(name, edit.getShape().getShape())) {
                throw new IllegalArgumentException(
                    "the U-Net has nothing to edit for %s %s".formatted(name, edit.getShape()));
              }
            });
  }

  private boolean fits(String name, long[] shape) {
    boolean down = name.endsWith(Edits.LORA_A);
    boolean up = name.endsWith(Edits.LORA_B);
    TensorInfo info = tensors.get(down || up ? Edits.module(name) + Edits.WEIGHT : name);
    if (info == null) {
      return false;
    }
    long[] wanted = info.shape().stream().mapToLong(Long::longValue).toArray();
    if (down || up) {
      if (shape.length != wanted.length || (wanted.length != 2 && wanted.length != 4)) {
        return false;
      }
      if (up) {
        Arrays.fill(wanted, 2, wanted.length, 1);
      }
      int rank = down ? 0 : 1;
      wanted[rank] = shape[rank];
    }
    return Arrays.equals(shape, wanted);
  }

  @Override
  public void close() {
    network.close();
  }
}
