package org.realera.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.realera.checkpoint.architecture.VaeConfig;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Networks;
import org.realera.tensor.TorchScript;

/** Between images and latents, diffusers' {@code AutoencoderKL}. */
public final class Vae implements AutoCloseable {
  private final TorchScript network;
  private final VaeConfig config;

  private Vae(TorchScript network, VaeConfig config) {
    this.network = network;
    this.config = config;
  }

  /**
   * Loads encoder and decoder.
   *
   * @param weights borrowed: must stay open until this is closed
   */
  public static Vae load(Weights weights, VaeConfig config, Compute compute) {
    TorchScript network = Networks.load("vae", weights, compute);
    network.run(
        "configure",
        config.blockOutChannels().size(),
        config.layersPerBlock(),
        config.normNumGroups(),
        config.actFn(),
        config.scalingFactor());
    return new Vae(network, config);
  }

  /** How many times wider (and higher) an image is than its latents: 8 for SD v1.4. */
  public int scale() {
    return config.scale();
  }

  /** Channels of the latents: 4. */
  public int latentChannels() {
    return config.latentChannels();
  }

  /**
   * Draws images.
   *
   * @param latents scaled as the U-Net sees them, [B, 4, h, w]
   * @return [B, 3, H, W] in [0, 1], fp32 on the compute device, owned by {@code scope}
   */
  public NDArray decode(NDManager scope, NDArray latents) {
    return network.tensor(scope, "decode", latents);
  }

  /**
   * The mean of images' latents.
   *
   * @param images [B, 3, H, W] in [0, 1], H and W multiples of the VAE's scale
   * @return scaled as the U-Net sees them, [B, 4, h, w] fp32 on the compute device, owned by {@code
   *     scope}
   */
  public NDArray encode(NDManager scope, NDArray images) {
    return network.tensor(scope, "encode", images);
  }

  /**
   * Images in 8 bits, rounded as diffusers does.
   *
   * @param images [B, 3, H, W] in [0, 1]
   * @return one for each
   */
  List<Image> pictures(NDManager scope, NDArray images) {
    int height = (int) images.getShape().get(2);
    int width = (int) images.getShape().get(3);
    int size = height * width * 3;
    try (NDArray bytes = network.tensor(scope, "to_rgb8", images)) {
      byte[] all = bytes.toByteArray();
      List<Image> pictures = new ArrayList<>();
      for (int from = 0; from < all.length; from += size) {
        pictures.add(new Image(width, height, Arrays.copyOfRange(all, from, from + size)));
      }
      return pictures;
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
