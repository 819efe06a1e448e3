package org.realera.campaign;

import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.erase.Erasure;
import org.realera.erase.Interruption;
import org.realera.erase.ProgressListener;
import org.realera.eval.EvalListener;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalResult;
import org.realera.eval.Evaluation;
import org.realera.tensor.ComputeChoice;

/** What a campaign is made of: one erasure, one evaluation. By default the real ones. */
public interface Runner {

  /** Erases; stops between two steps when {@code interruption} asks for it. */
  default EraseResult erase(
      EraseRequest request, ProgressListener listener, Interruption interruption) {
    return Erasure.run(request, listener, interruption);
  }

  /** Measures a model; stops between two batches when the listener asks for it. */
  default EvalResult evaluate(EvalRequest request, ComputeChoice compute, EvalListener listener) {
    return Evaluation.run(request, compute, listener);
  }
}
