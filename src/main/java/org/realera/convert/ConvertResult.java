package org.realera.convert;

import java.nio.file.Path;
import java.util.List;

/**
 * What a conversion wrote.
 *
 * @param out the folder or file
 * @param bytes its size
 * @param tensors how many tensors are in it
 * @param layers what became of each changed layer, if it was factored
 * @param notes what the user should know: parts left out and the like
 */
public record ConvertResult(
    Path out, long bytes, int tensors, List<Layer> layers, List<String> notes) {

  /**
   * One factored layer. Its change is D = W' - W.
   *
   * @param module its name in the U-Net
   * @param shape of D
   * @param norm |D|, Frobenius
   * @param rank of the factors
   * @param exactRank the rank from which on the rest of D is no more than the rounding of W' to its
   *     type
   * @param error |D - B A| / |D|, Frobenius, of the factors as they are written
   * @param weightError |D - B A| / |W'|
   */
  public record Layer(
      String module,
      String shape,
      double norm,
      int rank,
      int exactRank,
      double error,
      double weightError) {
    /** Whether nothing was cut off. */
    public boolean exact() {
      return exactRank <= rank;
    }
  }

  /**
   * What the factors miss of the whole change: the root of the sum over all layers of |D - B A|
   * squared, over that of |D| squared. 0 if nothing was factored.
   */
  public double missed() {
    return missed(layers);
  }

  static double missed(List<Layer> layers) {
    double rest = 0;
    double all = 0;
    for (Layer layer : layers) {
      double miss = layer.error * layer.norm;
      rest += miss * miss;
      all += layer.norm * layer.norm;
    }
    return all == 0 ? 0 : Math.sqrt(rest / all);
  }
}
