package org.realera.diffusion.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.realera.diffusion.Image;

/**
 * How a camera was held, as EXIF says it: a number from 1 (upright) to 8. Found and applied as
 * OpenCV's {@code imread} does it.
 */
final class Orientation {
  static final int UPRIGHT = 1;

  private static final int TAG = 0x112;
  private static final int MAGIC = 42;
  private static final int ENTRY = 12;

  private Orientation() {}

  /**
   * Reads it in EXIF's first directory.
   *
   * @param start where EXIF's TIFF header begins
   * @return {@link #UPRIGHT} too where EXIF says nothing that can be made out
   */
  static int of(byte[] bytes, int start, int length) {
    if (length < 8 || bytes[start] != bytes[start + 1]) {
      return UPRIGHT;
    }
    ByteBuffer exif = ByteBuffer.wrap(bytes, start, length).slice();
    switch (exif.get(0)) {
      case 'I' -> exif.order(ByteOrder.LITTLE_ENDIAN);
      case 'M' -> exif.order(ByteOrder.BIG_ENDIAN);
      default -> {
        return UPRIGHT;
      }
    }
    long directory = exif.getInt(4) & 0xffffffffL;
    if (exif.getShort(2) != MAGIC || directory + 2 > length) {
      return UPRIGHT;
    }
    int entries = exif.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      long at = directory + 2 + (long) ENTRY * i;
      if (at + 10 > length) {
        break;
      }
      if ((exif.getShort((int) at) & 0xffff) == TAG) {
        return exif.getShort((int) at + 8) & 0xffff;
      }
    }
    return UPRIGHT;
  }

  /** The image as it was seen; other numbers than 2 to 8 change nothing. */
  static Image applied(Image image, int orientation) {
    if (orientation <= UPRIGHT || orientation > 8) {
      return image;
    }
    boolean lies = orientation >= 5;
    boolean mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean upended = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int width = lies ? image.height() : image.width();
    int height = lies ? image.width() : image.height();
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = lies ? y : x;
        int row = lies ? x : y;
        column = mirrored ? image.width() - 1 - column : column;
        row = upended ? image.height() - 1 - row : row;
        System.arraycopy(from, 3 * (row * image.width() + column), to, 3 * (y * width + x), 3);
      }
    }
    return new Image(width, height, to);
  }
}
