package org.realera.scorer.pixels;

/**
 * Resizing of 8-bit RGB as Pillow does it, to the last bit: separable, antialiased when shrinking
 * (the kernel widens with the scale), weights in 22-bit fixed point, and the image rounded to 8 bit
 * between the horizontal and the vertical pass.
 */
public final class PilResize {
  private static final int PRECISION_BITS = 32 - 8 - 2;
  private static final int CHANNELS = 3;

  private PilResize() {}

  /**
   * Resizes an image.
   *
   * @param rgb interleaved 8-bit RGB, [height, width, 3]
   * @return [newHeight, newWidth, 3]; the same array if nothing changes
   */
  public static byte[] bicubic(byte[] rgb, int width, int height, int newWidth, int newHeight) {
    return resize(rgb, width, height, newWidth, newHeight, PilFilter.BICUBIC);
  }

  /** The same with any filter. */
  public static byte[] resize(
      byte[] rgb, int width, int height, int newWidth, int newHeight, PilFilter filter) {
    byte[] result = rgb;
    if (newWidth != width) {
      PilKernel kernel = new PilKernel(width, newWidth, filter);
      result = pass(result, kernel, height, width * CHANNELS, CHANNELS);
    }
    if (newHeight != height) {
      result = vertical(result, new PilKernel(height, newHeight, filter), newWidth * CHANNELS);
    }
    return result;
  }

  private static byte[] pass(byte[] in, PilKernel kernel, int rows, int rowLength, int step) {
    int[] fixed = fixed(kernel);
    int outLength = kernel.size * step;
    byte[] out = new byte[rows * outLength];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < kernel.size; x++) {
        int from = y * rowLength + kernel.first[x] * step;
        for (int c = 0; c < step; c++) {
          int sum = 1 << (PRECISION_BITS - 1);
          for (int k = 0; k < kernel.count[x]; k++) {
            sum += (in[from + k * step + c] & 0xff) * fixed[x * kernel.stride + k];
          }
          out[y * outLength + x * step + c] = clip(sum);
        }
      }
    }
    return out;
  }

  private static byte[] vertical(byte[] in, PilKernel kernel, int rowLength) {
    int[] fixed = fixed(kernel);
    byte[] out = new byte[kernel.size * rowLength];
    for (int y = 0; y < kernel.size; y++) {
      int from = kernel.first[y] * rowLength;
      for (int i = 0; i < rowLength; i++) {
        int sum = 1 << (PRECISION_BITS - 1);
        for (int k = 0; k < kernel.count[y]; k++) {
          sum += (in[from + k * rowLength + i] & 0xff) * fixed[y * kernel.stride + k];
        }
        out[y * rowLength + i] = clip(sum);
      }
    }
    return out;
  }

  private static int[] fixed(PilKernel kernel) {
    int[] fixed = new int[kernel.weight.length];
    for (int i = 0; i < fixed.length; i++) {
      double weight = kernel.weight[i];
      fixed[i] = (int) ((weight < 0 ? -0.5 : 0.5) + weight * (1 << PRECISION_BITS));
    }
    return fixed;
  }

  private static byte clip(int fixed) {
    return (byte) Math.max(0, Math.min(255, fixed >> PRECISION_BITS));
  }
}
