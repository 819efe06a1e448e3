package org.realera.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Safe Latent Diffusion (Schramowski et al., CVPR 2023): classifier-free guidance that is led away
 * from a safety text wherever the prompt's prediction comes near that of the text. Three
 * predictions a step: for the negative prompt, the prompt and the safety text.
 *
 * <p>All of it is elementwise, so that no image depends on its neighbors. The arithmetic is that of
 * the authors' code and of diffusers' {@code StableDiffusionPipelineSafe}; {@code guidance.py} says
 * where it departs from the paper.
 */
final class SafeLatentDiffusion implements Guidance {
  private final NDManager run;
  private final List<ImageRequest> batch;
  private final SldSettings settings;
  private @Nullable NDArray momentum;

  SafeLatentDiffusion(NDManager run, List<ImageRequest> batch, SldSettings settings) {
    this.run = run;
    this.batch = batch;
    this.settings = settings;
  }

  @Override
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    batch.forEach(request -> texts.add(request.negativePrompt()));
    batch.forEach(request -> texts.add(request.prompt()));
    batch.forEach(request -> texts.add(Objects.requireNonNull(request.safe()).text()));
    return texts;
  }

  @Override
  public int prompts() {
    return batch.size();
  }

  @Override
  public NDArray combine(NDManager scope, NDArray predictions, int step) {
    NDArray before = momentum;
    if (before == null) {
      Shape shape = predictions.getShape();
      before = run.zeros(new Shape(batch.size(), shape.get(1), shape.get(2), shape.get(3)));
    }
    try (NDArray scales = ClassifierFree.scales(scope, batch)) {
      Map<String, NDArray> results =
          Guidance.script()
              .tensorMap(
                  scope,
                  "safe",
                  predictions,
                  scales,
                  before,
                  step >= settings.warmup(),
                  settings.scale(),
                  settings.threshold(),
                  settings.momentumScale(),
                  settings.momentumDecay());
      before.close();
      NDArray after = Objects.requireNonNull(results.get("momentum"));
      after.attach(run);
      momentum = after;
      return Objects.requireNonNull(results.get("eps"));
    }
  }
}
