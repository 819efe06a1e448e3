package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.NoisePredictor;
import org.realera.diffusion.NoisedImage;
import org.realera.tensor.Noise;

/** Images noised for training, with what a network is usually trained to predict of them. */
final class NoisedImages {
  private final DdimScheduler scheduler;

  NoisedImages(Model model) {
    this.scheduler = DdimScheduler.of(model.checkpoint().schedulerConfig());
  }

  /** Noise levels that the model was trained on: timesteps are 0 to this, exclusive. */
  int levels() {
    return scheduler.trainTimesteps();
  }

  /** A drawn noise level: draws t, then the noise. */
  DenoisingLoss.Term noised(
      NDArray clean, NDArray text, double weight, Noise noise, NDManager scope) {
    return noised(clean, noise.integer(levels()), text, weight, noise, scope);
  }

  /**
   * The usual denoising loss of an image: z_t = sqrt(alphasCumprod_t) z_0 + sqrt(1 -
   * alphasCumprod_t) eps, to be told from eps.
   *
   * @param clean z_0, [4, h, w] fp32 on the CPU, borrowed
   * @param text E(p), [77, d], borrowed
   * @param scope owns z_t and target
   */
  DenoisingLoss.Term noised(
      NDArray clean, long t, NDArray text, double weight, Noise noise, NDManager scope) {
    NoisedImage image = NoisedImage.of(clean, t, scheduler, noise, scope);
    return new DenoisingLoss.Term(
        new NoisePredictor.Point(image.z(), t, text), image.target(), weight);
  }
}
