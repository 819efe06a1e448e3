package org.realera.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.realera.tensor.Noise;

/**
 * An image noised: z_t = sqrt(alphasCumprod_t) z_0 + sqrt(1 - alphasCumprod_t) eps.
 *
 * @param z z_t, [4, h, w] fp32 on the CPU, owned by the scope given
 * @param target what a network that knows everything predicts of it: eps, or what else the model
 *     was trained to predict; shaped alike
 */
public record NoisedImage(NDArray z, NDArray target) {

  /**
   * Noises an image; draws eps.
   *
   * @param clean z_0, [4, h, w] fp32 on the CPU, borrowed
   * @param noise gives eps
   */
  public static NoisedImage of(
      NDArray clean, long t, DdimScheduler scheduler, Noise noise, NDManager scope) {
    NDArray eps = noise.normal(scope, clean.getShape());
    return new NoisedImage(
        scheduler.addNoise(scope, clean, eps, t), scheduler.target(scope, clean, eps, t));
  }
}
