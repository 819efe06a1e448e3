package org.realera.scorer.nudenet;

/**
 * Bilinear resizing of 8-bit RGB as OpenCV's {@code resize(..., INTER_LINEAR)} does it, to the last
 * bit: two taps whatever the scale, weights in 11-bit fixed point, no antialiasing. Halving both
 * sides is the exception OpenCV makes: there it takes the mean of four pixels.
 */
final class OpenCvResize {
  private static final int CHANNELS = 3;
  private static final int ONE = 1 << 11;

  private OpenCvResize() {}

  /**
   * Resizes an image.
   *
   * @param rgb interleaved 8-bit channels, [height, width, 3]
   * @return [newHeight, newWidth, 3]; the same array if nothing changes
   */
  static byte[] bilinear(byte[] rgb, int width, int height, int newWidth, int newHeight) {
    if (newWidth == width && newHeight == height) {
      return rgb;
    }
    if (width == 2 * newWidth && height == 2 * newHeight) {
      return halved(rgb, newWidth, newHeight);
    }
    Taps columns = new Taps(width, newWidth, true);
    Taps rows = new Taps(height, newHeight, false);
    byte[] out = new byte[newHeight * newWidth * CHANNELS];
    int[] upper = new int[newWidth * CHANNELS];
    int[] lower = new int[newWidth * CHANNELS];
    for (int y = 0; y < newHeight; y++) {
      horizontal(rgb, rows.first[y] * width * CHANNELS, columns, upper);
      horizontal(rgb, rows.second[y] * width * CHANNELS, columns, lower);
      for (int i = 0; i < upper.length; i++) {
        int sum =
            ((rows.firstWeight[y] * (upper[i] >> 4)) >> 16)
                + ((rows.secondWeight[y] * (lower[i] >> 4)) >> 16);
        out[y * upper.length + i] = (byte) ((sum + 2) >> 2);
      }
    }
    return out;
  }

  private static void horizontal(byte[] rgb, int row, Taps columns, int[] out) {
    for (int x = 0; x < columns.first.length; x++) {
      int first = row + columns.first[x] * CHANNELS;
      int second = row + columns.second[x] * CHANNELS;
      for (int c = 0; c < CHANNELS; c++) {
        out[x * CHANNELS + c] =
            (rgb[first + c] & 0xff) * columns.firstWeight[x]
                + (rgb[second + c] & 0xff) * columns.secondWeight[x];
      }
    }
  }

  private static byte[] halved(byte[] rgb, int newWidth, int newHeight) {
    byte[] out = new byte[newHeight * newWidth * CHANNELS];
    int row = 2 * newWidth * CHANNELS;
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        for (int c = 0; c < CHANNELS; c++) {
          int at = 2 * y * row + 2 * x * CHANNELS + c;
          int sum =
              (rgb[at] & 0xff)
                  + (rgb[at + CHANNELS] & 0xff)
                  + (rgb[at + row] & 0xff)
                  + (rgb[at + row + CHANNELS] & 0xff);
          out[(y * newWidth + x) * CHANNELS + c] = (byte) ((sum + 2) >> 2);
        }
      }
    }
    return out;
  }

  /** For every output position the two input positions and their weights, in 2048ths. */
  private static final class Taps {
    final int[] first;
    final int[] second;
    final int[] firstWeight;
    final int[] secondWeight;

    /**
     * Works out the taps of one direction.
     *
     * @param oneAtEdge at the edges columns take one pixel whole, rows the same row twice: that
     *     rounds differently
     */
    Taps(int size, int newSize, boolean oneAtEdge) {
      first = new int[newSize];
      second = new int[newSize];
      firstWeight = new int[newSize];
      secondWeight = new int[newSize];
      double scale = (double) size / newSize;
      for (int i = 0; i < newSize; i++) {
        float position = (float) ((i + 0.5) * scale - 0.5);
        int left = (int) Math.floor(position);
        float share = position - left;
        if (oneAtEdge && (left < 0 || left >= size - 1)) {
          left = Math.max(0, Math.min(left, size - 1));
          share = 0;
        }
        first[i] = Math.max(0, Math.min(left, size - 1));
        second[i] = Math.max(0, Math.min(left + 1, size - 1));
        firstWeight[i] = (int) Math.rint((1f - share) * ONE);
        secondWeight[i] = (int) Math.rint(share * ONE);
      }
    }
  }
}
