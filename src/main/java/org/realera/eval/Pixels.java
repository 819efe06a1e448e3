package org.realera.eval;

import org.realera.diffusion.Picture;

/** Pictures cut to size. */
final class Pixels {
  private Pixels() {}

  /** Cuts out a rectangle; what lies outside the picture is black. */
  static Picture crop(Picture picture, int left, int top, int width, int height) {
    byte[] out = new byte[3 * width * height];
    int from = Math.max(0, left);
    int count = Math.min(picture.width(), left + width) - from;
    int bottom = Math.min(picture.height(), top + height);
    for (int y = Math.max(0, top); count > 0 && y < bottom; y++) {
      int source = 3 * (y * picture.width() + from);
      int target = 3 * ((y - top) * width + from - left);
      System.arraycopy(picture.rgb(), source, out, target, 3 * count);
    }
    return new Picture(width, height, out);
  }
}
