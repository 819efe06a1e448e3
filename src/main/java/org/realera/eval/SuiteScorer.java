package org.realera.eval;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.Image;
import org.realera.eval.run.PlannedImage;

/** Scores the pictures of a suite; {@link SuiteScorers} makes them. */
interface SuiteScorer extends AutoCloseable {

  /**
   * What it says of one picture.
   *
   * @param values a number for each column of the run, in their order
   * @param seen whom or what it calls the picture, where that is no column
   */
  record Scores(List<Float> values, @Nullable String seen) {
    public Scores {
      values = List.copyOf(values);
    }
  }

  /**
   * Scores a batch.
   *
   * @param images what they are
   * @param pictures as many, in the same order
   */
  List<Scores> score(List<PlannedImage> images, List<Image> pictures);

  @Override
  void close();
}
