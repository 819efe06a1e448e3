package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import org.realera.Progress;
import org.realera.config.RingABellSettings;

/**
 * Ring-A-Bell without its search, as RECE's authors use it: the prompt's embedding moved along the
 * concept's direction goes straight to the U-Net.
 */
final class RingABellDirection implements OnePrompt {
  private final RingABellSettings k;

  RingABellDirection(RingABellSettings settings) {
    this.k = settings;
  }

  @Override
  public Attempt attack(
      Victim victim, String concept, AttackPrompt prompt, Jury jury, Progress progress) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Candidate target =
          new Candidate.Embedding(
              Direction.target(prompt.text(), concept, k, victim.text(), scope).toFloatArray());
      return new Attempt(prompt, target, OnePrompt.convinced(jury, prompt, target), 0, null);
    }
  }
}
