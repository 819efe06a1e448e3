package org.realera.scorer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.Image;

/** Scores images, whoever drew them, by one reference network. {@link Scorers} loads them. */
public interface Scorer extends AutoCloseable {

  /**
   * An image and what it should show.
   *
   * @param image its pixels
   * @param name its file, for errors
   * @param prompt read by the CLIP score alone
   * @param subject read by the celebrity detector alone
   */
  record Shown(Image image, String name, String prompt, String subject) {}

  /**
   * What a scorer says of one image.
   *
   * @param values numbers, in the same order for every image; none of FID, which is of all images
   *     together
   * @param seen whom it sees, where that is no number
   */
  record Scores(List<Double> values, @Nullable String seen) {
    public Scores {
      values = List.copyOf(values);
    }

    /**
     * A label's softmax probability, of a classifier.
     *
     * @param index of the label
     * @return 0 to 1
     */
    public double probability(int index) {
      double max = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
      double sum = values.stream().mapToDouble(value -> Math.exp(value - max)).sum();
      return Math.exp(values.get(index) - max) / sum;
    }
  }

  /**
   * Scores a batch.
   *
   * @return what it says of each image, in their order
   * @throws org.realera.RealeraException (damaged) that names network and image where the network
   *     gives numbers that are not finite
   */
  List<Scores> score(List<Shown> images);

  @Override
  void close();
}
