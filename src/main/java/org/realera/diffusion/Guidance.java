package org.realera.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.tensor.TorchScript;

/**
 * How the U-Net's predictions become the one that a step takes, for one batch from its first step
 * to its last. What is kept from step to step belongs to the scope of the run.
 */
interface Guidance {
  /** The arithmetic of all kinds of guidance. */
  static TorchScript script() {
    return TorchScript.shared("guidance");
  }

  /**
   * The guidance that a batch asks for, at the start of a run.
   *
   * @param run owns what is kept until the last step
   * @param batch requests that are {@linkplain ImageRequest#alike alike}
   */
  static Guidance of(NDManager run, List<ImageRequest> batch) {
    SafeGuidance safe = batch.get(0).safe();
    return safe == null
        ? new ClassifierFree(batch)
        : new SafeLatentDiffusion(run, batch, safe.settings());
  }

  /** The texts that predictions are needed for: the first of every image, then the second... */
  List<String> texts();

  /** Where the images' prompts begin among {@link #texts()}. */
  int prompts();

  /**
   * The prediction of a step.
   *
   * @param predictions one for each of {@link #texts()}, [k B, 4, h, w]
   * @param step counts from 0, the noisiest
   * @return [B, 4, h, w], owned by {@code scope}
   */
  NDArray combine(NDManager scope, NDArray predictions, int step);
}
