package org.realera.diffusion;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.SchedulerConfig;
import org.realera.tensor.TorchScript;

/**
 * DDIM without added noise (eta = 0), number for number diffusers' {@code DDIMScheduler} as a
 * {@code StableDiffusionPipeline} runs it: predicted originals are never clipped. A folder whose
 * configuration names another scheduler is sampled with DDIM over the same betas. Holds no native
 * memory.
 */
public final class DdimScheduler {
  private final SchedulerConfig config;
  private final float[] alphasCumprod;

  private DdimScheduler(SchedulerConfig config, float[] alphasCumprod) {
    this.config = config;
    this.alphasCumprod = alphasCumprod;
  }

  private static TorchScript script() {
    return TorchScript.shared("scheduler");
  }

  /** The scheduler that a configuration describes. */
  public static DdimScheduler of(SchedulerConfig config) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray cumprods =
          script()
              .tensor(scope, "alphas_cumprod", betas(config, scope), config.rescaleBetasZeroSnr());
      return new DdimScheduler(config, cumprods.toFloatArray());
    }
  }

  private static NDArray betas(SchedulerConfig config, NDManager scope) {
    int count = config.trainTimesteps();
    if (!config.trainedBetas().isEmpty()) {
      float[] betas = new float[count];
      for (int i = 0; i < count; i++) {
        betas[i] = config.trainedBetas().get(i).floatValue();
      }
      return scope.create(betas);
    }
    double start = config.betaStart();
    double end = config.betaEnd();
    return switch (config.betaSchedule()) {
      case "linear" -> script().tensor(scope, "linspace", start, end, count);
      case "scaled_linear" -> {
        NDArray roots = script().tensor(scope, "linspace", Math.sqrt(start), Math.sqrt(end), count);
        yield roots.mul(roots);
      }
      case "squaredcos_cap_v2" -> {
        float[] betas = new float[count];
        for (int i = 0; i < count; i++) {
          double kept = cosine((i + 1.0) / count) / cosine((double) i / count);
          betas[i] = (float) Math.min(1 - kept, 0.999);
        }
        yield scope.create(betas);
      }
      default ->
          throw RealeraException.damaged(
              "unknown beta_schedule " + config.betaSchedule(),
              "Use a Stable Diffusion 1.x or 2.x model.");
    };
  }

  private static double cosine(double t) {
    return Math.pow(Math.cos((t + 0.008) / 1.008 * Math.PI / 2), 2);
  }

  /** Number of noise levels the model was trained on; timesteps are 0 to this, exclusive. */
  public int trainTimesteps() {
    return config.trainTimesteps();
  }

  /** The share of signal, squared, that is left at a training timestep; diffusers' word. */
  float alphasCumprod(long timestep) {
    return alphasCumprod[Math.toIntExact(timestep)];
  }

  /**
   * The timesteps of a run, in the order in which they are taken.
   *
   * @throws RealeraException (usage) if the model knows fewer
   */
  public long[] timesteps(int steps) {
    if (steps < 1 || steps > mostSteps()) {
      throw tooMany(steps);
    }
    int count = config.trainTimesteps();
    long[] timesteps = new long[steps];
    for (int i = 0; i < steps; i++) {
      int back = steps - 1 - i;
      timesteps[i] =
          switch (config.timestepSpacing()) {
            case "leading" -> (long) back * (count / steps) + SchedulerConfig.STEPS_OFFSET;
            // numpy.arange(count, 0, -count / steps), rounded half to even
            case "trailing" -> (long) Math.rint(count - i * ((double) count / steps)) - 1;
            default -> steps == 1 ? 0 : (long) Math.rint(back * ((count - 1.0) / (steps - 1.0)));
          };
    }
    if (timesteps[0] >= count) {
      throw tooMany(steps);
    }
    return timesteps;
  }

  private RealeraException tooMany(int steps) {
    return RealeraException.usage(
        steps + " steps do not fit the model's " + config.trainTimesteps() + " noise levels",
        "Use --steps between 1 and " + mostSteps() + ".");
  }

  /** Some numbers below it may not fit either, but no greater one does. */
  private int mostSteps() {
    int count = config.trainTimesteps();
    return config.timestepSpacing().equals("leading")
        ? count - SchedulerConfig.STEPS_OFFSET
        : count;
  }

  /**
   * One step towards the image.
   *
   * @param output what the U-Net predicted at {@code timestep}, of the shape of {@code latents}
   * @param timestep one of {@code timesteps(steps)}
   * @param latents z_t, [B, 4, h, w] fp32
   * @return the latents at the next timestep, as {@code latents}, owned by {@code scope}
   */
  public NDArray step(NDManager scope, NDArray output, long timestep, int steps, NDArray latents) {
    long nextTimestep = timestep - config.trainTimesteps() / steps;
    float now = alphasCumprod(timestep);
    float next =
        nextTimestep >= 0
            ? alphasCumprod(nextTimestep)
            : config.setAlphaToOne() ? 1f : alphasCumprod[0];
    return script()
        .tensor(
            scope,
            "step",
            latents,
            output,
            config.predictionType(),
            root(now),
            root(1 - now),
            root(next),
            root(1 - next));
  }

  /**
   * One step towards the image by classifier-free guidance: a {@link #step} with {@code eps_0 + s
   * (eps_p - eps_0)}.
   *
   * @param eps0 what the U-Net predicted for the empty prompt; its manager owns what lies between
   * @param epsP what it predicted for the prompt
   * @param guidance s
   * @param t one of {@code timesteps(steps)}
   * @param z z_t
   * @return the latents at the next timestep, owned by {@code scope}
   */
  public NDArray guidedStep(
      NDManager scope, NDArray eps0, NDArray epsP, double guidance, long t, int steps, NDArray z) {
    NDArray guided = eps0.add(epsP.sub(eps0).mul((float) guidance));
    return step(scope, guided, t, steps, z);
  }

  /** The square root in fp32, as torch takes it. */
  private static double root(float x) {
    return (float) Math.sqrt(x);
  }

  /**
   * Noises clean latents: {@code sqrt(alphasCumprod_t) z_0 + sqrt(1 - alphasCumprod_t) noise}.
   *
   * @param originals z_0, [B, 4, h, w], or [4, h, w] with one timestep
   * @param timesteps one for each sample, or one for all
   * @return z_t, shaped as {@code originals} and on their device, owned by {@code scope}
   */
  public NDArray addNoise(NDManager scope, NDArray originals, NDArray noise, long... timesteps) {
    float[] cumprods = new float[timesteps.length];
    for (int i = 0; i < cumprods.length; i++) {
      cumprods[i] = alphasCumprod(timesteps[i]);
    }
    try (NDArray levels = scope.create(cumprods)) {
      return script().tensor(scope, "add_noise", originals, noise, levels);
    }
  }

  /**
   * What a network that knows everything would predict of noised latents: the noise, or what else
   * the model was trained to predict.
   *
   * @param originals z_0, [4, h, w] or [B, 4, h, w] fp32
   * @param noise of the same shape
   * @return shaped alike, owned by {@code scope}
   */
  public NDArray target(NDManager scope, NDArray originals, NDArray noise, long timestep) {
    float now = alphasCumprod(timestep);
    return script()
        .tensor(
            scope, "target", originals, noise, config.predictionType(), root(now), root(1 - now));
  }
}
