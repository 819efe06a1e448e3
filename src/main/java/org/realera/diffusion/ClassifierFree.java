package org.realera.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * Classifier-free guidance: {@code eps_0 + s_g (eps_p - eps_0)}, where eps_0 is the prediction for
 * the negative prompt. A batch in which no image is guided needs only its prompts.
 */
final class ClassifierFree implements Guidance {
  private final List<ImageRequest> batch;
  private final boolean guided;

  ClassifierFree(List<ImageRequest> batch) {
    this.batch = batch;
    this.guided = batch.stream().anyMatch(ImageRequest::guided);
  }

  @Override
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    if (guided) {
      batch.forEach(request -> texts.add(request.negativePrompt()));
    }
    batch.forEach(request -> texts.add(request.prompt()));
    return texts;
  }

  @Override
  public int prompts() {
    return guided ? batch.size() : 0;
  }

  @Override
  public NDArray combine(NDManager scope, NDArray predictions, int step) {
    if (!guided) {
      return predictions;
    }
    try (NDArray scales = scales(scope, batch)) {
      return Guidance.script().tensor(scope, "classifier_free", predictions, scales);
    }
  }

  /** s_g of each image, [B, 1, 1, 1]. */
  static NDArray scales(NDManager scope, List<ImageRequest> batch) {
    float[] scales = new float[batch.size()];
    for (int i = 0; i < scales.length; i++) {
      // Scale 1 leaves just what the prompt says: as diffusers, which then skips the other half.
      scales[i] = batch.get(i).guided() ? (float) batch.get(i).guidance() : 1f;
    }
    return scope.create(scales).reshape(-1, 1, 1, 1);
  }
}
