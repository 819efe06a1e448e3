package org.realera.scorer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.realera.diffusion.Image;

/**
 * Scores pictures one by one and sums up, e.g. those of a folder. {@link PictureScorers} makes
 * them.
 */
public interface PictureScorer extends AutoCloseable {

  /** What {@link #score} gives, as columns of a table; the same for every picture. */
  List<String> columns();

  /**
   * Scores a picture and counts it.
   *
   * @param file where it was read from
   * @return a cell for each column
   * @throws org.realera.RealeraException if the picture lacks what the scorer needs
   */
  List<String> score(Path file, Image picture);

  /** The figures of all pictures so far, and the settings they depend on, in a fixed order. */
  Map<String, Object> totals();

  @Override
  void close();
}
