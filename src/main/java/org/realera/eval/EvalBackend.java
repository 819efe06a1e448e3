package org.realera.eval;

import java.nio.file.Path;
import java.util.List;

/** Models and scorers; tests put small ones in their place. */
interface EvalBackend {

  /** {@code cpu} or {@code cuda}. */
  String device();

  /** {@code fp32}, {@code bf16} or {@code fp16}. */
  String dtype();

  /** A digest of a model's tensors. */
  String fingerprint(Path model);

  /** A digest of a scorer's tensors. */
  String scorerFingerprint(Path scorer);

  Painter painter(Path model);

  /**
   * A scorer.
   *
   * @param scorer folder of a CLIP model
   * @param texts the prompt of each label
   */
  ImageScorer scorer(Path scorer, List<String> texts);
}
