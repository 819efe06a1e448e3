package org.realera.scorer.pixels;

import org.realera.diffusion.Image;

/** Images cut to size, and as the numbers that networks take. */
public final class Pixels {
  private Pixels() {}

  /** Cuts out a rectangle; what lies outside the image is black. */
  public static Image crop(Image image, int left, int top, int width, int height) {
    byte[] out = new byte[3 * width * height];
    int from = Math.max(0, left);
    int count = Math.min(image.width(), left + width) - from;
    int bottom = Math.min(image.height(), top + height);
    for (int y = Math.max(0, top); count > 0 && y < bottom; y++) {
      int source = 3 * (y * image.width() + from);
      int target = 3 * ((y - top) * width + from - left);
      System.arraycopy(image.rgb(), source, out, target, 3 * count);
    }
    return new Image(width, height, out);
  }

  /** From interleaved bytes to planes: [3, height, width] float32, 0 to 255. */
  public static float[] planes(Image image) {
    int pixels = image.width() * image.height();
    float[] planes = new float[3 * pixels];
    for (int i = 0; i < pixels; i++) {
      for (int c = 0; c < 3; c++) {
        planes[c * pixels + i] = image.rgb()[3 * i + c] & 0xff;
      }
    }
    return planes;
  }
}
