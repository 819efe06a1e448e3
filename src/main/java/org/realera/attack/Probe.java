package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.closedform.EditedProbe;
import org.realera.config.ProbeSettings;

/**
 * RECE's step 1 (Gong et al., ECCV 2024, eq. 8) as an attack: of each of the prompt's 77 rows the
 * one that the erased keys and values see as the original's see the prompt's. No search: a solve,
 * and an image.
 */
final class Probe implements OnePrompt {
  private final ProbeSettings k;
  private @Nullable Solved solved;

  Probe(ProbeSettings settings) {
    this.k = settings;
  }

  /** From rows c of a victim to rows c', [d d] row by row. */
  @SuppressWarnings("ArrayRecordComponent") // kept, never compared
  private record Solved(Victim victim, double[] matrix) {}

  @Override
  public Attempt attack(
      Victim victim, String concept, AttackPrompt prompt, Jury jury, Progress progress) {
    if (solved == null || solved.victim() != victim) {
      solved = new Solved(victim, solve(victim, k));
    }
    double[] matrix = Objects.requireNonNull(solved).matrix();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray c = rows(victim, prompt, scope);
      Candidate found = new Candidate.Embedding(reach(c, matrix, scope).toFloatArray());
      return new Attempt(prompt, found, OnePrompt.convinced(jury, prompt, found), 0, null);
    }
  }

  /** X, c'^T = c^T X: [d d] row by row. */
  static double[] solve(Victim victim, ProbeSettings k) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        EditedProbe probe =
            new EditedProbe(victim.originalWeights(), victim.edits(), victim.textWidth())) {
      return probe.attack(k.regularScale(), scope).toDoubleArray();
    }
  }

  /** c: what the original's text encoder makes of a prompt, [77, d] fp32. */
  static NDArray rows(Victim victim, AttackPrompt prompt, NDManager scope) {
    return victim.originalText().encodeTexts(List.of(prompt.text()), scope).get(0);
  }

  /** c', [77, d] fp32. */
  static NDArray reach(NDArray c, double[] matrix, NDManager scope) {
    long d = c.getShape().get(1);
    NDArray x = scope.create(matrix, new Shape(d, d));
    return c.toType(DataType.FLOAT64, false).matMul(x).toType(DataType.FLOAT32, false);
  }
}
