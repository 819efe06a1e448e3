package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.config.ProbeSettings;

/**
 * How far from real text the embedding lies that brings a concept back: a figure of robustness that
 * needs no image. An erasure that does nothing has both norms about equal.
 *
 * @param probe mean norm of the rows c' that reach the concept
 * @param text mean norm of the prompts' own rows c
 */
public record ProbeFigure(double probe, double text) {

  /**
   * Probes a victim.
   *
   * @param prompts at least one, which name the concept
   */
  public static ProbeFigure of(Victim victim, ProbeSettings settings, List<AttackPrompt> prompts) {
    double[] matrix = Probe.solve(victim, settings);
    double probe = 0;
    double text = 0;
    for (AttackPrompt prompt : prompts) {
      try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        NDArray c = Probe.rows(victim, prompt, scope);
        text += meanNorm(c) / prompts.size();
        probe += meanNorm(Probe.reach(c, matrix, scope)) / prompts.size();
      }
    }
    return new ProbeFigure(probe, text);
  }

  private static double meanNorm(NDArray rows) {
    return rows.norm(new int[] {1}).mean().getFloat();
  }
}
