package org.realera.eval;

import java.nio.file.Path;
import org.realera.eval.run.RunInfo;

/** Models and scorers; tests put small ones in their place. */
interface EvalBackend {

  /** {@code cpu} or {@code cuda}. */
  String device();

  /** {@code fp32}, {@code bf16} or {@code fp16}. */
  String dtype();

  /** A digest of a model's tensors. */
  String fingerprint(Path model);

  /** A digest of a scorer's tensors or file. */
  String scorerFingerprint(Path scorer);

  Painter painter(Path model);

  /**
   * The scorer that a run asks for.
   *
   * @param scorer its folder or file
   */
  SuiteScorer scorer(Path scorer, RunInfo info);
}
