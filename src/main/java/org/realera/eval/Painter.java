package org.realera.eval;

import java.util.List;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;

/** Draws images with one loaded model. */
interface Painter extends AutoCloseable {

  /** Draws a batch; the same batch gives the same pictures. */
  List<Image> paint(List<ImageRequest> batch);

  @Override
  void close();
}
