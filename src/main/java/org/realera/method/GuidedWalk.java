package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.NoisePredictor;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;

/**
 * The first part of drawing an image: DDIM from noise with classifier-free guidance. The two
 * prompts are asked in one batch: attacks walk with one after the other, whose last bits differ, so
 * their walk is another.
 */
final class GuidedWalk {
  private final Model model;
  private final DdimScheduler scheduler;
  private final NoisePredictor unet;
  private final int steps;
  private final double guidance;

  /**
   * @param steps of a whole walk
   * @param guidance scale of classifier-free guidance
   */
  GuidedWalk(Model model, int steps, double guidance) {
    this.model = model;
    this.scheduler = DdimScheduler.of(model.checkpoint().schedulerConfig());
    this.unet = new NoisePredictor(model::unet, model.compute());
    this.steps = steps;
    this.guidance = guidance;
  }

  /** The timesteps of a whole walk, noisiest first. */
  long[] timesteps() {
    return scheduler.timesteps(steps);
  }

  /** Noise levels that the model was trained on: timesteps are 0 to this, exclusive. */
  int levels() {
    return scheduler.trainTimesteps();
  }

  /** Pure noise of the size of the model's own images, [4, h, w] fp32. */
  NDArray start(Noise noise, NDManager scope) {
    UNetConfig unetConfig = model.checkpoint().unetConfig();
    int side = unetConfig.sampleSize();
    return noise.normal(scope, new Shape(unetConfig.inChannels(), side, side));
  }

  /**
   * Walks.
   *
   * @param z where it starts, [4, h, w] fp32 on the CPU, borrowed
   * @param timesteps at which it steps: consecutive ones of {@link #timesteps()}
   * @param empty E of the empty prompt, [77, d]
   * @param prompt E(p), [77, d]
   * @param edits of the network that walks, on the compute device
   * @param scope owns the result; a manager of the CPU
   * @return z after the steps, as {@code z}
   */
  NDArray walk(
      NDArray z, long[] timesteps, NDArray empty, NDArray prompt, Edits edits, NDManager scope) {
    NDArray at = z;
    for (long t : timesteps) {
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        NDArray[] eps = pair(at, t, empty, prompt, edits, inner);
        NDArray next = scheduler.guidedStep(scope, eps[0], eps[1], guidance, t, steps, at);
        if (at != z) {
          at.close();
        }
        at = next;
      }
    }
    return at;
  }

  /**
   * What a network predicts at z_t for the empty prompt and for another, in one pass.
   *
   * @param z z_t, [4, h, w] fp32 on the CPU
   * @param empty E(""), [77, d]
   * @param prompt E(p), [77, d]
   * @param scope owns the result; a manager of the CPU
   * @return eps without and with the prompt, each as {@code z}
   */
  NDArray[] pair(NDArray z, long t, NDArray empty, NDArray prompt, Edits edits, NDManager scope) {
    return unet.predict(
            List.of(new NoisePredictor.Point(z, t, empty), new NoisePredictor.Point(z, t, prompt)),
            edits,
            scope)
        .toArray(NDArray[]::new);
  }
}
