package org.realera.eval;

/**
 * Bicubic resizing of 8-bit RGB as Pillow does it, to the last bit: separable, antialiased when
 * shrinking (the kernel widens with the scale), weights in 22-bit fixed point, and the picture
 * rounded to 8 bit between the horizontal and the vertical pass.
 */
final class PilResize {
  private static final int PRECISION_BITS = 32 - 8 - 2;
  private static final double SUPPORT = 2.0;
  private static final int CHANNELS = 3;

  private PilResize() {}

  /**
   * Resizes a picture.
   *
   * @param rgb interleaved 8-bit RGB, [height, width, 3]
   * @return [newHeight, newWidth, 3]; the same array if nothing changes
   */
  static byte[] bicubic(byte[] rgb, int width, int height, int newWidth, int newHeight) {
    byte[] result = rgb;
    if (newWidth != width) {
      result = pass(result, new Weights(width, newWidth), height, width * CHANNELS, CHANNELS);
    }
    if (newHeight != height) {
      result = vertical(result, new Weights(height, newHeight), newWidth * CHANNELS);
    }
    return result;
  }

  private static byte[] pass(byte[] in, Weights weights, int rows, int rowLength, int step) {
    int outLength = weights.size * step;
    byte[] out = new byte[rows * outLength];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < weights.size; x++) {
        int from = y * rowLength + weights.first[x] * step;
        for (int c = 0; c < step; c++) {
          int sum = 1 << (PRECISION_BITS - 1);
          for (int k = 0; k < weights.count[x]; k++) {
            sum += (in[from + k * step + c] & 0xff) * weights.fixed[x * weights.stride + k];
          }
          out[y * outLength + x * step + c] = clip(sum);
        }
      }
    }
    return out;
  }

  private static byte[] vertical(byte[] in, Weights weights, int rowLength) {
    byte[] out = new byte[weights.size * rowLength];
    for (int y = 0; y < weights.size; y++) {
      int from = weights.first[y] * rowLength;
      for (int i = 0; i < rowLength; i++) {
        int sum = 1 << (PRECISION_BITS - 1);
        for (int k = 0; k < weights.count[y]; k++) {
          sum += (in[from + k * rowLength + i] & 0xff) * weights.fixed[y * weights.stride + k];
        }
        out[y * rowLength + i] = clip(sum);
      }
    }
    return out;
  }

  private static byte clip(int fixed) {
    return (byte) Math.max(0, Math.min(255, fixed >> PRECISION_BITS));
  }

  /** For every output position: the first input position, how many, and their weights. */
  private static final class Weights {
    final int size;
    final int stride;
    final int[] first;
    final int[] count;
    final int[] fixed;

    Weights(int inSize, int outSize) {
      size = outSize;
      double scale = (double) inSize / outSize;
      double filterScale = Math.max(scale, 1.0);
      double support = SUPPORT * filterScale;
      stride = (int) Math.ceil(support) * 2 + 1;
      first = new int[outSize];
      count = new int[outSize];
      fixed = new int[outSize * stride];
      double[] row = new double[stride];
      for (int x = 0; x < outSize; x++) {
        double center = (x + 0.5) * scale;
        first[x] = Math.max(0, (int) (center - support + 0.5));
        count[x] = Math.min(inSize, (int) (center + support + 0.5)) - first[x];
        double sum = 0;
        for (int k = 0; k < count[x]; k++) {
          row[k] = kernel((k + first[x] - center + 0.5) * (1.0 / filterScale));
          sum += row[k];
        }
        for (int k = 0; k < count[x]; k++) {
          double weight = sum == 0 ? row[k] : row[k] / sum;
          fixed[x * stride + k] =
              (int) ((weight < 0 ? -0.5 : 0.5) + weight * (1 << PRECISION_BITS));
        }
      }
    }

    /** Keys' cubic with a = -0.5. */
    private static double kernel(double signed) {
      double a = -0.5;
      double x = Math.abs(signed);
      if (x < 1) {
        return ((a + 2) * x - (a + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
  }
}
