package org.realera.scorer.pixels;

/**
 * Pillow's resampling along one direction: for every output position the first input position, how
 * many, and their weights. The kernel widens with the scale when shrinking, so it antialiases.
 */
final class PilKernel {
  final int size;

  /** Room for the weights of one output position in {@link #weight}. */
  final int stride;

  final int[] first;
  final int[] count;
  final double[] weight;

  PilKernel(int inSize, int outSize, PilFilter filter) {
    size = outSize;
    double scale = (double) inSize / outSize;
    double filterScale = Math.max(scale, 1.0);
    double support = filter.support() * filterScale;
    stride = (int) Math.ceil(support) * 2 + 1;
    first = new int[outSize];
    count = new int[outSize];
    weight = new double[outSize * stride];
    for (int x = 0; x < outSize; x++) {
      double center = (x + 0.5) * scale;
      first[x] = Math.max(0, (int) (center - support + 0.5));
      count[x] = Math.min(inSize, (int) (center + support + 0.5)) - first[x];
      double sum = 0;
      for (int k = 0; k < count[x]; k++) {
        double w = filter.at((k + first[x] - center + 0.5) * (1.0 / filterScale));
        weight[x * stride + k] = w;
        sum += w;
      }
      for (int k = 0; k < count[x] && sum != 0; k++) {
        weight[x * stride + k] /= sum;
      }
    }
  }
}
