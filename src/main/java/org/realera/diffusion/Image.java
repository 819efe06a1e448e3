package org.realera.diffusion;

import java.util.Arrays;
import java.util.List;

/**
 * An image in 8 bits.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb rows from the top, three bytes a pixel; not copied, so don't write into it
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes; equality of images is never asked for
public record Image(int width, int height, byte[] rgb) {
  private static final byte WHITE = (byte) 255;

  /** Throws {@link IllegalArgumentException} unless there are width x height pixels. */
  public Image {
    if (rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          rgb.length + " bytes are no picture of " + width + " x " + height);
    }
  }

  /**
   * Images of one size side by side, in rows, on white.
   *
   * @param columns images in a row
   * @param gap white pixels between them
   * @throws ArithmeticException if that is more than an array holds; see {@link SheetSize}
   */
  public static Image grid(List<Image> images, int columns, int gap) {
    Image first = images.get(0);
    SheetSize size = SheetSize.of(images.size(), columns, first.width, first.height, gap);
    int across = size.across();
    int width = Math.toIntExact(size.width());
    int height = Math.toIntExact(size.height());
    byte[] rgb = new byte[Math.toIntExact(3L * width * height)];
    Arrays.fill(rgb, WHITE);
    for (int i = 0; i < images.size(); i++) {
      Image image = images.get(i);
      int left = i % across * (first.width + gap);
      int top = i / across * (first.height + gap);
      for (int y = 0; y < first.height; y++) {
        System.arraycopy(
            image.rgb, 3 * y * first.width, rgb, 3 * ((top + y) * width + left), 3 * first.width);
      }
    }
    return new Image(width, height, rgb);
  }
}
