package org.realera.eval;

import java.util.List;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.Pipeline;
import org.realera.tensor.Edits;

/**
 * Draws with a model.
 *
 * @param pipeline closed with this
 */
record ModelPainter(Pipeline pipeline) implements Painter {
  @Override
  public List<Image> paint(List<ImageRequest> batch) {
    return pipeline.sampler().sample(batch, Edits.NONE, ImageSampler.Progress.NONE);
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
