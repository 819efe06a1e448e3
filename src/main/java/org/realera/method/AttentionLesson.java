package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.AttentionLoss;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.NoisePredictor;
import org.realera.diffusion.UNet;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.training.Gradients;
import org.realera.training.Trainable;

/**
 * What a step that takes attention away from a concept learns from: a noised image of it, and how
 * much the cross-attention gives to its tokens. MACE and Forget-Me-Not differ in the norm, the mask
 * and which t they draw. Borrows all.
 */
final class AttentionLesson {
  /** A concept and its images. */
  private final ConceptImages images;

  private final Timesteps timesteps;
  private final Model model;
  private final Edits base;
  private final long seed;
  private final DdimScheduler scheduler;

  /**
   * A concept's images.
   *
   * @param concept which of the recipe's, from 0; each draws from streams of its own
   * @param prompts that name it: the images were drawn with them in turn, or, with masks, one is
   *     drawn by lot for each step
   * @param z0 latents, [n, 4, h, w] fp32 on the CPU
   * @param masks [n, 1, h', w'] fp32 on the CPU, above 0.5 where the concept is, for MACE's norm;
   *     null: Forget-Me-Not's
   */
  record ConceptImages(
      int concept, List<NamedPrompt> prompts, NDArray z0, @Nullable NDArray masks) {}

  /** Draws t. */
  @FunctionalInterface
  interface Timesteps {
    /**
     * Draws one.
     *
     * @param levels t is 0 to this, exclusive
     */
    long draw(Noise noise, int levels);

    /** All alike. */
    Timesteps UNIFORM = (noise, levels) -> noise.integer(levels);

    /** MACE: with density sigma(0.05 (t - 200)) - sigma(0.05 (t - 400)). */
    Timesteps IMPORTANT =
        (noise, levels) -> {
          double[] sums = new double[levels];
          double sum = 0;
          for (int t = 0; t < levels; t++) {
            sum += sigmoid(0.05 * (t - 200)) - sigmoid(0.05 * (t - 400));
            sums[t] = sum;
          }
          double u = noise.uniform(0, 1);
          int t = 0;
          while (t < levels - 1 && sums[t] / sum <= u) {
            t++;
          }
          return t;
        };

    private static double sigmoid(double x) {
      return 1 / (1 + Math.exp(-x));
    }
  }

  /**
   * @param base what else differs from the original U-Net, on the compute device
   */
  AttentionLesson(ConceptImages images, Timesteps timesteps, Model model, Edits base, long seed) {
    this.images = images;
    this.timesteps = timesteps;
    this.model = model;
    this.base = base;
    this.seed = seed;
    this.scheduler = DdimScheduler.of(model.checkpoint().schedulerConfig());
  }

  /** Loss and slope of a step, from 1. */
  Gradients step(int step, Trainable theta) {
    Gradients sum = new Gradients();
    Noise noise = new Noise(Noise.derive(seed, "attention " + images.concept(), step));
    try (NDManager cpu = NDManager.newBaseManager(Device.cpu());
        NDManager device = NDManager.newBaseManager(model.compute().device())) {
      long i = noise.integer(images.z0().getShape().get(0));
      long t = timesteps.draw(noise, scheduler.trainTimesteps());
      NDArray z0 = images.z0().get(i);
      z0.attach(cpu);
      NDArray zt = scheduler.addNoise(cpu, z0, noise.normal(cpu, z0.getShape()), t);
      int prompts = images.prompts().size();
      long p = images.masks() == null ? i % prompts : noise.integer(prompts);
      NamedPrompt prompt = images.prompts().get((int) p);
      UNet.LossGradients found =
          model
              .unet()
              .attentionGradients(
                  device,
                  NoisePredictor.input(
                      List.of(new NoisePredictor.Point(zt, t, prompt.encoded())), device),
                  loss(prompt, i, cpu),
                  theta.edits(base, device),
                  theta.parameters().keySet());
      sum.add(found.loss(), found.gradients());
    }
    return sum;
  }

  private AttentionLoss loss(NamedPrompt prompt, long i, NDManager scope) {
    NDArray masks = images.masks();
    if (masks == null) {
      return AttentionLoss.together(prompt.tokens());
    }
    NDArray mask = masks.get(i);
    mask.attach(scope);
    NDArray one = mask.expandDims(0);
    return AttentionLoss.byLayer(prompt.tokens(), one);
  }
}
