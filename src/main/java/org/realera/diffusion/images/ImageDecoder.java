package org.realera.diffusion.images;

import java.awt.image.BufferedImage;
import org.realera.diffusion.Image;

/**
 * Decodes PNG and JPEG, told apart by their bytes, not by the file's name.
 *
 * <p>The pixels are those of Pillow's {@code convert("RGB")}: the file's numbers are copied. Color
 * profiles, gamma, transparency and the orientation of EXIF change nothing. {@link BufferedImage}
 * would convert grey and CMYK between color spaces, so it has no part in this. Of an animated image
 * the first image counts.
 */
public final class ImageDecoder {
  /** More pixels are not read; Pillow's limit against small files that decode to huge images. */
  public static final long MOST_PIXELS = 178_956_970;

  private ImageDecoder() {}

  /**
   * Decodes a file's bytes; what follows the image's end is passed over.
   *
   * @throws UnreadableImageException unless this is all of a PNG or JPEG of at most {@value
   *     #MOST_PIXELS} pixels
   */
  public static Image decode(byte[] bytes) throws UnreadableImageException {
    return decode(bytes, true);
  }

  /**
   * The same as OpenCV's {@code imread} reads it: turned upright as EXIF says, of 16-bit grey the
   * upper byte, and CMYK by OpenCV's arithmetic, which differs by up to 2. All else is as Pillow's.
   */
  public static Image decodeAsOpenCv(byte[] bytes) throws UnreadableImageException {
    if (isPng(bytes)) {
      return Orientation.applied(PngDecoder.decode(bytes, false), PngReader.orientation(bytes));
    }
    if (isJpeg(bytes)) {
      return JpegDecoder.decodeAsOpenCv(bytes);
    }
    throw foreign(bytes);
  }

  /**
   * The same by brightness: of 16-bit grey the upper byte counts, as of 16-bit colours, where
   * Pillow clips it to 255.
   */
  public static Image decodeBrightness(byte[] bytes) throws UnreadableImageException {
    return decode(bytes, false);
  }

  private static Image decode(byte[] bytes, boolean clips) throws UnreadableImageException {
    if (isPng(bytes)) {
      return PngDecoder.decode(bytes, clips);
    }
    if (isJpeg(bytes)) {
      return JpegDecoder.decode(bytes);
    }
    throw foreign(bytes);
  }

  private static boolean isPng(byte[] bytes) {
    return ImageKind.has(bytes, 0, "\u0089PNG");
  }

  private static boolean isJpeg(byte[] bytes) {
    return ImageKind.has(bytes, 0, "\u00ff\u00d8");
  }

  /** Before anything of that size is allocated. */
  static void checkSize(long width, long height) throws UnreadableImageException {
    if (width <= 0 || height <= 0) {
      throw UnreadableImageException.cut();
    }
    if (width > MOST_PIXELS / height) {
      throw new UnreadableImageException(
          "claims " + width + " x " + height + " pixels; at most " + MOST_PIXELS + " are read");
    }
  }

  private static UnreadableImageException foreign(byte[] bytes) {
    return ImageKind.of(bytes)
        .map(kind -> UnreadableImageException.unsupported(kind.words()))
        .orElseGet(UnreadableImageException::cut);
  }
}
