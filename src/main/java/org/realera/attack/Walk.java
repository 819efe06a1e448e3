package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.realera.diffusion.DdimScheduler;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;

/**
 * The latents that the erased model passes through on its way to a prompt's image.
 *
 * @param z before each step, [4, h, w] fp32 on the CPU each, owned by the scope given
 * @param timesteps t of each
 */
record Walk(List<NDArray> z, List<Long> timesteps) {

  /**
   * Walks by DDIM with classifier-free guidance. The two prompts are asked one by one: methods that
   * train walk with both in one batch, whose last bits differ, so their walk is another.
   *
   * @param seed of the initial noise
   * @param prompt E(p), [77, d]
   * @param empty E of the empty prompt
   */
  static Walk of(
      Victim victim,
      NoiseLoss loss,
      int steps,
      double guidance,
      long seed,
      NDArray prompt,
      NDArray empty,
      NDManager scope) {
    DdimScheduler scheduler = victim.scheduler();
    Edits edits = victim.edits();
    Shape shape = victim.latents();
    NDArray at = new Noise(seed).normal(scope, shape);
    List<NDArray> z = new ArrayList<>();
    List<Long> timesteps = new ArrayList<>();
    for (long t : scheduler.timesteps(steps)) {
      z.add(at);
      timesteps.add(t);
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        NDArray without = loss.predict(at, t, empty, edits, inner);
        NDArray with = loss.predict(at, t, prompt, edits, inner);
        at = scheduler.guidedStep(scope, without, with, guidance, t, steps, at);
      }
    }
    return new Walk(z, timesteps);
  }
}
