package org.realera.eval;

import java.util.List;
import org.realera.diffusion.Picture;

/** Says how well each label fits a picture. */
interface ImageScorer extends AutoCloseable {

  /**
   * Scores a batch.
   *
   * @return for each picture 100 x cosine with each label, in the labels' order
   */
  List<List<Float>> score(List<Picture> pictures);

  @Override
  void close();
}
