package org.realera.eval;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.SafeGuidance;
import org.realera.eval.suite.Suite.Sampler;

/**
 * How images are drawn otherwise than the suite says. What is null is as the suite says.
 *
 * @param samples images of every prompt
 * @param steps DDIM steps
 * @param guidance guidance scale
 * @param batch images drawn together; null for as many as fill the device
 * @param safe Safe Latent Diffusion of the model under test, never of the baseline; null for none
 * @param spm adapters of SPM that the model under test is drawn with, never the baseline: file or
 *     folder; null for none
 */
public record Drawn(
    @Nullable Integer samples,
    @Nullable Integer steps,
    @Nullable Double guidance,
    @Nullable Integer batch,
    @Nullable SafeGuidance safe,
    @Nullable Path spm) {

  /** In nothing otherwise. */
  public static final Drawn AS_THE_SUITE_SAYS = new Drawn(null, null, null, null, null, null);

  /** The same with so many images of every prompt. */
  public Drawn withSamples(@Nullable Integer count) {
    return new Drawn(count, steps, guidance, batch, safe, spm);
  }

  /** The same with so many steps. */
  public Drawn withSteps(@Nullable Integer count) {
    return new Drawn(samples, count, guidance, batch, safe, spm);
  }

  /** The same with Safe Latent Diffusion, or without. */
  public Drawn with(@Nullable SafeGuidance guided) {
    return new Drawn(samples, steps, guidance, batch, guided, spm);
  }

  /** The same with adapters of SPM, or without. */
  public Drawn adapted(@Nullable Path adapters) {
    return new Drawn(samples, steps, guidance, batch, safe, adapters);
  }

  /** The same for whatever model: without numbers of images, Safe Latent Diffusion and adapters. */
  public Drawn ofAnyModel() {
    return new Drawn(null, steps, guidance, batch, null, null);
  }

  /** The suite's sampler with these steps and this guidance. */
  public Sampler changed(Sampler sampler) {
    Sampler stepped = steps == null ? sampler : sampler.withSteps(steps);
    return guidance == null ? stepped : stepped.withGuidance(guidance);
  }
}
