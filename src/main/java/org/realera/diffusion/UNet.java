package org.realera.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Networks;
import org.realera.tensor.TorchScript;

/**
 * The noise predictor eps(z_t, t, E(p)), diffusers' {@code UNet2DConditionModel}. One copy of the
 * weights serves the original and every edited model: what differs comes with each call.
 */
public final class UNet implements AutoCloseable {
  private final TorchScript network;
  private final Map<String, TensorInfo> tensors;

  private UNet(TorchScript network, Map<String, TensorInfo> tensors) {
    this.network = network;
    this.tensors = tensors;
  }

  /**
   * Loads the network.
   *
   * @param weights borrowed: must stay open until this is closed
   */
  public static UNet load(Weights weights, UNetConfig config, Compute compute) {
    TorchScript network = Networks.load("unet", weights, compute);
    network.run(
        "configure",
        config.attentionHeads().stream().mapToLong(Integer::longValue).toArray(),
        config.layersPerBlock(),
        config.normNumGroups(),
        config.normEps(),
        config.actFn(),
        config.upcastAttention(),
        config.flipSinToCos(),
        config.freqShift());
    return new UNet(network, weights.tensors());
  }

  /**
   * Predicts the noise in latents.
   *
   * @param latents z_t, [B, 4, h, w]
   * @param timesteps t, [B]
   * @param text E(p), [B, 77, d]
   * @param edits what differs from the original; only linear layers of the transformers take edits
   * @return eps, [B, 4, h, w] fp32 on the compute device, owned by {@code scope}
   */
  public NDArray predict(
      NDManager scope, NDArray latents, NDArray timesteps, NDArray text, Edits edits) {
    check(edits);
    return network.tensor(
        scope, "predict", latents, timesteps, text, edits.tensors(), edits.loraScale());
  }

  /**
   * A loss and its slope.
   *
   * @param loss the weighted sum over the batch
   * @param gradients d loss / d tensor for each lora_A and lora_B, fp32, shaped as the tensor
   */
  public record LossGradients(double loss, Map<String, NDArray> gradients) {}

  /**
   * The noise-alignment loss (eqs. 8-9) and its gradients with respect to the LoRA tensors in
   * {@code edits}: {@code sum_i w_i mean((eps_i - target_i)^2)}. Whatever the network computes in,
   * LoRA tensors, loss and gradients are fp32.
   *
   * <p>Takes about 2 GB per latent of 64 x 64 in SD v1.4 on top of the weights: a batch that does
   * not fit can be given in parts, whose losses and gradients add up.
   *
   * @param latents z_t, [B, 4, h, w]
   * @param timesteps t, [B]
   * @param text E(p) for the edited model, [B, 77, d]
   * @param target what it should predict, [B, 4, h, w]
   * @param sampleWeights w, one for each sample
   * @param edits at least one LoRA pair
   * @return gradients on the compute device, owned by {@code scope}
   */
  public LossGradients alignmentGradients(
      NDManager scope,
      NDArray latents,
      NDArray timesteps,
      NDArray text,
      NDArray target,
      double[] sampleWeights,
      Edits edits) {
    check(edits);
    float[] weights = new float[sampleWeights.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) sampleWeights[i];
    }
    Map<String, NDArray> results =
        new TreeMap<>(
            network.tensorMap(
                scope,
                "loss_gradients",
                latents,
                timesteps,
                text,
                target,
                scope.create(weights),
                edits.tensors(),
                edits.loraScale()));
    NDArray loss = Objects.requireNonNull(results.remove("loss"));
    try (loss) {
      return new LossGradients(loss.getFloat(), results);
    }
  }

  private void check(Edits edits) {
    for (String name : edits.tensors().keySet()) {
      TensorInfo weight = tensors.get(Edits.module(name) + Edits.WEIGHT);
      if (weight == null || weight.shape().size() != 2 || !name.contains(".transformer_blocks.")) {
        throw new IllegalArgumentException("the U-Net has no layer to edit for " + name);
      }
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
