package org.realera.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Makes the images of pages. */
public final class Thumbnails {
  /** Larger images are embedded as JPEG: eight of 512 x 512 would else take 4 MB. */
  private static final int LARGEST_PNG = 128;

  /** Images from files are halved until they are no larger. */
  private static final int LARGEST_READ = 128;

  /** Strips of larger images are embedded as JPEG. */
  private static final int LARGEST_LOSSLESS = 64;

  private static final int GAP = 2;

  private Thumbnails() {}

  /**
   * An image.
   *
   * @param width in pixels
   * @param height in pixels
   * @param rgb rows from the top, three bytes a pixel
   */
  @SuppressWarnings("ArrayRecordComponent") // megabytes; equality of images is never asked for
  public record Pixels(int width, int height, byte[] rgb) {}

  /** An image in its own size; its parameters are those of {@link Pixels}. */
  public static Thumbnail of(int width, int height, byte[] rgb) {
    return encode(image(width, height, rgb), Math.max(width, height) <= LARGEST_PNG);
  }

  private static BufferedImage image(int width, int height, byte[] rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = new int[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] =
          (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff);
    }
    image.setRGB(0, 0, width, height, pixels, 0, width);
    return image;
  }

  /** An image, small. */
  public static Thumbnail small(Pixels image) {
    return encode(halved(image), false);
  }

  /**
   * Images from files side by side.
   *
   * @param files at least one; images of one size
   * @param reader reads each when its turn comes
   * @param exact whether small images are kept without loss, which takes more room
   */
  public static Thumbnail strip(List<Path> files, Function<Path, Pixels> reader, boolean exact) {
    List<BufferedImage> images = files.stream().map(reader).map(Thumbnails::halved).toList();
    int width = images.get(0).getWidth();
    int height = images.get(0).getHeight();
    boolean lossless = exact && width <= LARGEST_LOSSLESS;
    // The gaps are transparent where the format can be.
    BufferedImage strip =
        new BufferedImage(
            images.size() * (width + GAP) - GAP,
            height,
            lossless ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = strip.createGraphics();
    if (!lossless) {
      graphics.setColor(Color.GRAY);
      graphics.fillRect(0, 0, strip.getWidth(), height);
    }
    for (int i = 0; i < images.size(); i++) {
      graphics.drawImage(images.get(i), i * (width + GAP), 0, null);
    }
    graphics.dispose();
    return encode(strip, lossless);
  }

  private static BufferedImage halved(Pixels from) {
    BufferedImage image = image(from.width, from.height, from.rgb);
    // Halving keeps bilinear filtering from skipping pixels.
    while (Math.max(image.getWidth(), image.getHeight()) > LARGEST_READ) {
      int width = Math.max(1, image.getWidth() / 2);
      int height = Math.max(1, image.getHeight() / 2);
      BufferedImage half = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = half.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.drawImage(image, 0, 0, width, height, null);
      graphics.dispose();
      image = half;
    }
    return image;
  }

  private static Thumbnail encode(BufferedImage image, boolean lossless) {
    String format = lossless ? "png" : "jpeg";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // Not to the stream itself: ImageIO would put a file between into the temporary folder.
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalStateException("no writer for " + format + " of this kind of image");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String data = Base64.getEncoder().encodeToString(bytes.toByteArray());
    return new Thumbnail(
        image.getWidth(), image.getHeight(), "data:image/" + format + ";base64," + data);
  }
}
