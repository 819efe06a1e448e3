package org.realera.eval;

import java.awt.image.BufferedImage;

/** Pictures as bytes. */
final class Pixels {
  private Pixels() {}

  /** The picture as interleaved 8-bit RGB, [height, width, 3]; transparency is ignored. */
  static byte[] rgb(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] packed = picture.getRGB(0, 0, width, height, null, 0, width);
    byte[] rgb = new byte[3 * packed.length];
    for (int i = 0; i < packed.length; i++) {
      rgb[3 * i] = (byte) (packed[i] >> 16);
      rgb[3 * i + 1] = (byte) (packed[i] >> 8);
      rgb[3 * i + 2] = (byte) packed[i];
    }
    return rgb;
  }

  /** Cuts out a rectangle of interleaved RGB; what lies outside the picture is black. */
  static byte[] crop(
      byte[] rgb, int width, int height, int left, int top, int newWidth, int newHeight) {
    byte[] out = new byte[3 * newWidth * newHeight];
    int from = Math.max(0, left);
    int count = Math.min(width, left + newWidth) - from;
    for (int y = Math.max(0, top); count > 0 && y < Math.min(height, top + newHeight); y++) {
      int source = 3 * (y * width + from);
      System.arraycopy(rgb, source, out, 3 * ((y - top) * newWidth + from - left), 3 * count);
    }
    return out;
  }
}
