package org.realera.eval;

import java.nio.file.Path;
import org.realera.diffusion.SpmSource;

/** What a run notes of the machine and of the files that it was made with. */
public interface Provenance {

  /** {@code cpu} or {@code cuda}. */
  String device();

  /** {@code fp32}, {@code bf16} or {@code fp16}. */
  String dtype();

  /** A digest of a model's tensors. */
  String fingerprint(Path model);

  /**
   * What a file of SPM's adapters is.
   *
   * @param spm file or folder
   * @param model that it is to adapt
   * @throws org.realera.RealeraException (not found, damaged, usage) if it does not fit
   */
  SpmSource adapters(Path spm, Path model);

  /** A digest of a scorer's tensors or file. */
  String scorerFingerprint(Path scorer);
}
