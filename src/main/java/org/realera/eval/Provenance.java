package org.realera.eval;

import java.nio.file.Path;

/** What a run notes of the machine and of the files that it was made with. */
public interface Provenance {

  /** {@code cpu} or {@code cuda}. */
  String device();

  /** {@code fp32}, {@code bf16} or {@code fp16}. */
  String dtype();

  /** A digest of a model's tensors. */
  String fingerprint(Path model);

  /** A digest of a scorer's tensors or file. */
  String scorerFingerprint(Path scorer);
}
