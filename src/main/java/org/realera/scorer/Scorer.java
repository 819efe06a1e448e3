package org.realera.scorer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.Image;

/** Scores pictures, whoever drew them, by one reference network. {@link Scorers} loads them. */
public interface Scorer extends AutoCloseable {

  /**
   * A picture and what it should show.
   *
   * @param picture its pixels
   * @param name its file, for errors
   * @param prompt read by the CLIP score alone
   * @param subject read by the celebrity detector alone
   */
  record Shown(Image picture, String name, String prompt, String subject) {}

  /**
   * What a scorer says of one picture.
   *
   * @param values numbers, in the same order for every picture; none of FID, which is of all
   *     pictures together
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
   * @return what it says of each picture, in their order
   * @throws org.realera.RealeraException (damaged) that names network and picture where the network
   *     gives numbers that are not finite
   */
  List<Scores> score(List<Shown> pictures);

  @Override
  void close();
}
