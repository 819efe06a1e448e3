package org.realera.diffusion;

/** Opens the noise levels of a model to tests of other packages. */
public final class NoiseLevels {
  private NoiseLevels() {}

  /** The share of signal, squared, that is left at a training timestep. */
  public static double alphasCumprod(DdimScheduler scheduler, long timestep) {
    return scheduler.alphasCumprod(timestep);
  }
}
