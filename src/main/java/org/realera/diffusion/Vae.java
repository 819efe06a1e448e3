package org.realera.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.architecture.VaeConfig;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Finite;
import org.realera.tensor.Networks;
import org.realera.tensor.Precision;
import org.realera.tensor.TorchScript;

/** From latents to images: the decoder of diffusers' {@code AutoencoderKL}. */
public final class Vae implements AutoCloseable {
  private final TorchScript network;
  private final Weights weights;
  private final VaeConfig config;
  private final Compute compute;
  private final Consumer<String> notes;
  private @Nullable TorchScript exact;

  private Vae(
      TorchScript network,
      Weights weights,
      VaeConfig config,
      Compute compute,
      Consumer<String> notes) {
    this.network = network;
    this.weights = weights;
    this.config = config;
    this.compute = compute;
    this.notes = notes;
  }

  /**
   * Loads the network.
   *
   * @param weights borrowed: must stay open until this is closed
   * @param notes hears what the user should know, once: that fp32 had to help
   */
  public static Vae load(
      Weights weights, VaeConfig config, Compute compute, Consumer<String> notes) {
    return new Vae(network(weights, config, compute), weights, config, compute, notes);
  }

  private static TorchScript network(Weights weights, VaeConfig config, Compute compute) {
    TorchScript network = Networks.load("vae", weights, compute);
    network.run(
        "configure",
        config.blockOutChannels().size(),
        config.layersPerBlock(),
        config.normNumGroups(),
        config.actFn(),
        config.scalingFactor());
    return network;
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
   * Draws images. One whose pixels overflow in fp16 or bf16 is drawn again in fp32, as
   * AUTOMATIC1111 does it; the others stay, so that no image depends on its neighbors.
   *
   * @param latents scaled as the U-Net sees them, [B, 4, h, w]
   * @return [B, 3, H, W] in [0, 1], fp32 on the compute device, owned by {@code scope}; NaN where a
   *     pixel is not finite, in fp32 neither
   */
  public NDArray decode(NDManager scope, NDArray latents) {
    NDArray images = network.tensor(scope, "decode", latents);
    boolean exactAlready = compute.precision() == Precision.FP32;
    return exactAlready || Finite.firstBroken(images) < 0 ? images : mended(scope, latents, images);
  }

  private NDArray mended(NDManager scope, NDArray latents, NDArray images) {
    TorchScript fp32 = exact;
    if (fp32 == null) {
      notes.accept(
          "the VAE overflows in %s: such pictures are decoded in fp32"
              .formatted(compute.precision().label()));
      fp32 = network(weights, config, compute.inFp32());
      exact = fp32;
    }
    boolean[] finite = Finite.each(images);
    try (NDManager inner = scope.newSubManager()) {
      NDList each = new NDList();
      for (int i = 0; i < finite.length; i++) {
        NDIndex one = new NDIndex("{}:{}", i, i + 1);
        each.add(
            finite[i]
                ? images.get(inner, one)
                : fp32.tensor(inner, "decode", latents.get(inner, one)));
      }
      NDArray all = NDArrays.concat(each);
      all.attach(scope);
      images.close();
      return all;
    }
  }

  /**
   * Images in 8 bits, rounded as diffusers does.
   *
   * @param pixels [B, 3, H, W] in [0, 1]
   * @return one for each
   */
  List<Image> images(NDManager scope, NDArray pixels) {
    int height = (int) pixels.getShape().get(2);
    int width = (int) pixels.getShape().get(3);
    int size = height * width * 3;
    try (NDArray bytes = network.tensor(scope, "to_rgb8", pixels)) {
      byte[] all = bytes.toByteArray();
      List<Image> images = new ArrayList<>();
      for (int from = 0; from < all.length; from += size) {
        images.add(new Image(width, height, Arrays.copyOfRange(all, from, from + size)));
      }
      return images;
    }
  }

  @Override
  public void close() {
    TorchScript fp32 = exact;
    if (fp32 != null) {
      fp32.close();
    }
    network.close();
  }
}
