package org.realera.eval;

import java.util.List;
import org.realera.diffusion.Picture;
import org.realera.diffusion.SamplingRequest;

/** Draws images with one loaded model. */
interface Painter extends AutoCloseable {

  /** Draws a batch; the same batch gives the same pictures. */
  List<Picture> paint(List<SamplingRequest> batch);

  @Override
  void close();
}
