package org.realera.campaign;

import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.erase.Erasure;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalResult;
import org.realera.eval.Evaluation;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.attack.AttackRun;
import org.realera.eval.attack.AttackSummary;
import org.realera.tensor.ComputeChoice;

/**
 * What a campaign is made of: one erasure, one evaluation, one attacked model. By default the real
 * ones.
 */
public interface Runner {

  /** Erases; stops between two steps if it is asked to. */
  default EraseResult erase(EraseRequest request, Progress progress) {
    return Erasure.run(request, progress);
  }

  /** Measures a model; stops between two batches if it is asked to. */
  default EvalResult evaluate(EvalRequest request, ComputeChoice compute, Progress progress) {
    return Evaluation.run(request, compute, progress);
  }

  /**
   * Attacks a model; stops between two prompts or steps if it is asked to.
   *
   * @return null for a shard
   */
  default @Nullable AttackSummary attack(
      AttackRequest request, ComputeChoice compute, Progress progress) {
    return AttackRun.run(request, compute, progress);
  }
}
