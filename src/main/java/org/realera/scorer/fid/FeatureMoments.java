package org.realera.scorer.fid;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.tensor.Finite;
import org.realera.tensor.TorchScript;

/**
 * Gathers mean and covariance of feature vectors in float64, batch by batch, in the memory of one
 * covariance. Sums go about the first batch's mean, so nothing is lost to cancellation.
 */
public final class FeatureMoments implements AutoCloseable {
  private final TorchScript script = TorchScript.load("frechet");
  private final NDManager scope = NDManager.newBaseManager(Device.cpu());
  private @Nullable NDArray center;
  private @Nullable NDArray sum;
  private @Nullable NDArray products;
  private long count;

  /**
   * Adds the features of a batch.
   *
   * @param features [n, d], borrowed
   * @throws RealeraException (damaged) if one is not finite: it would be lost in the sums
   */
  public void add(NDArray features) {
    if (Finite.firstBroken(features) >= 0) {
      throw RealeraException.damaged(
          "FID's Inception network gives features that are NaN or infinite",
          "Its weights are broken: fetch the file again.");
    }
    try (NDManager batch = scope.newSubManager()) {
      NDArray x = features.toDevice(Device.cpu(), true).toType(DataType.FLOAT64, false);
      x.attach(batch);
      NDArray about = center;
      if (about == null) {
        about = x.mean(new int[] {0});
        about.attach(scope);
        center = about;
      }
      List<NDArray> moments = script.tensors(batch, "moments", x, about);
      sum = plus(sum, moments.get(0));
      products = plus(products, moments.get(1));
      count += x.getShape().get(0);
    }
  }

  private NDArray plus(@Nullable NDArray total, NDArray more) {
    if (total == null) {
      more.attach(scope);
      return more;
    }
    total.addi(more);
    return total;
  }

  /** How many vectors were added. */
  public long count() {
    return count;
  }

  /**
   * The statistics of all vectors so far.
   *
   * @throws RealeraException (usage) with fewer than two: there is no covariance
   */
  public FeatureStatistics statistics() {
    if (center == null || sum == null || products == null || count < 2) {
      throw RealeraException.usage(
          "FID needs at least 2 pictures, there are " + count, "Draw more pictures.");
    }
    double[] shift = sum.toDoubleArray();
    double[] mean = center.toDoubleArray();
    double[] covariance = products.toDoubleArray();
    int d = mean.length;
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        covariance[i * d + j] = (covariance[i * d + j] - shift[i] * shift[j] / count) / (count - 1);
      }
      mean[i] += shift[i] / count;
    }
    return new FeatureStatistics(mean, covariance);
  }

  /**
   * The Frechet distance between the Gaussians of two sets of features: FID, if the features are
   * those of the Inception network. Covariances may be singular.
   *
   * @throws RealeraException (usage) if the two have different numbers of features; (damaged) if
   *     there is no such distance
   */
  public static double distance(FeatureStatistics a, FeatureStatistics b) {
    if (a.size() != b.size()) {
      throw RealeraException.usage(
          "feature statistics of " + a.size() + " and of " + b.size() + " numbers don't compare",
          "Make both with the same network.");
    }
    int d = a.size();
    try (TorchScript script = TorchScript.load("frechet");
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Shape square = new Shape(d, d);
      double distance =
          script.number(
              "distance",
              scope.create(a.mean()),
              scope.create(a.covariance(), square),
              scope.create(b.mean()),
              scope.create(b.covariance(), square));
      if (!Double.isFinite(distance)) {
        throw RealeraException.damaged(
            "the Frechet distance of these feature statistics is " + distance,
            "Make both anew; one holds numbers that are too large.");
      }
      return distance;
    }
  }

  @Override
  public void close() {
    scope.close();
    script.close();
  }
}
