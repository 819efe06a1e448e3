package org.realera.scorer.pixels;

/**
 * Resizing of one float32 plane as Pillow does it in its mode F: sums in float64, float32 between
 * the horizontal and the vertical pass, nothing rounded to 8 bit.
 */
public final class PilFloatResize {
  private PilFloatResize() {}

  /**
   * Resizes a plane.
   *
   * @param plane [height, width]
   * @return [newHeight, newWidth]; the same array if nothing changes
   */
  public static float[] resize(
      float[] plane, int width, int height, int newWidth, int newHeight, PilFilter filter) {
    float[] result = plane;
    if (newWidth != width) {
      result = pass(result, new PilKernel(width, newWidth, filter), height, width, 1, newWidth);
    }
    if (newHeight != height) {
      result = pass(result, new PilKernel(height, newHeight, filter), newWidth, 1, newWidth, 1);
    }
    return result;
  }

  /**
   * Filters every line of a plane.
   *
   * @param lines how many
   * @param lineStep from one line to the next in the input
   * @param step from one element of a line to the next, in input and output
   * @param newLineStep from one line to the next in the output
   */
  private static float[] pass(
      float[] in, PilKernel kernel, int lines, int lineStep, int step, int newLineStep) {
    float[] out = new float[lines * kernel.size];
    for (int line = 0; line < lines; line++) {
      for (int x = 0; x < kernel.size; x++) {
        double sum = 0;
        for (int k = 0; k < kernel.count[x]; k++) {
          sum +=
              in[line * lineStep + (kernel.first[x] + k) * step]
                  * kernel.weight[x * kernel.stride + k];
        }
        out[line * newLineStep + x * step] = (float) sum;
      }
    }
    return out;
  }
}
