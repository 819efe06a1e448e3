package org.realera.eval;

import java.util.List;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.Picture;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.SamplingRequest;
import org.realera.tensor.Edits;

/**
 * Draws with a model.
 *
 * @param pipeline closed with this
 */
record ModelPainter(Pipeline pipeline) implements Painter {
  @Override
  public List<Picture> paint(List<SamplingRequest> batch) {
    return pipeline.sampler().sample(batch, Edits.NONE, ImageSampler.Progress.NONE);
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
