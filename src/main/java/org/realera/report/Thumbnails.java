package org.realera.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.realera.files.IoErrors;

/** Makes the pictures of pages. */
public final class Thumbnails {
  /** Larger pictures are embedded as JPEG: eight of 512 x 512 would else take 4 MB. */
  private static final int LARGEST_PNG = 128;

  /** Pictures from files are halved until they are no larger. */
  private static final int LARGEST_READ = 128;

  /** Strips of larger pictures are embedded as JPEG. */
  private static final int LARGEST_LOSSLESS = 64;

  private static final int GAP = 2;

  private Thumbnails() {}

  /**
   * A picture in its own size.
   *
   * @param width in pixels
   * @param height in pixels
   * @param rgb rows from the top, three bytes a pixel
   */
  public static Thumbnail of(int width, int height, byte[] rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = new int[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] =
          (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff);
    }
    image.setRGB(0, 0, width, height, pixels, 0, width);
    return encode(image, Math.max(width, height) <= LARGEST_PNG);
  }

  /**
   * A picture from a file, small.
   *
   * @throws org.realera.RealeraException unreadable
   */
  public static Thumbnail read(Path file) {
    return encode(opaque(small(file)), false);
  }

  /**
   * Pictures from files side by side.
   *
   * @param files at least one; pictures of one size
   * @param exact whether small pictures are kept without loss, which takes more room
   * @throws org.realera.RealeraException unreadable
   */
  public static Thumbnail strip(List<Path> files, boolean exact) {
    List<BufferedImage> pictures = files.stream().map(Thumbnails::small).toList();
    int width = pictures.get(0).getWidth();
    int height = pictures.get(0).getHeight();
    boolean lossless = exact && width <= LARGEST_LOSSLESS;
    // The gaps are transparent where the format can be.
    BufferedImage strip =
        new BufferedImage(
            pictures.size() * (width + GAP) - GAP,
            height,
            lossless ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = strip.createGraphics();
    if (!lossless) {
      graphics.setColor(Color.GRAY);
      graphics.fillRect(0, 0, strip.getWidth(), height);
    }
    for (int i = 0; i < pictures.size(); i++) {
      graphics.drawImage(pictures.get(i), i * (width + GAP), 0, null);
    }
    graphics.dispose();
    return encode(strip, lossless);
  }

  private static BufferedImage small(Path file) {
    BufferedImage picture;
    try {
      byte[] bytes = Files.readAllBytes(file);
      @Nullable BufferedImage read = ImageIO.read(new ByteArrayInputStream(bytes));
      if (read == null) {
        throw new IOException("no picture: " + file.getFileName());
      }
      picture = read;
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
    // Halving keeps bilinear filtering from skipping pixels.
    while (Math.max(picture.getWidth(), picture.getHeight()) > LARGEST_READ) {
      int width = Math.max(1, picture.getWidth() / 2);
      int height = Math.max(1, picture.getHeight() / 2);
      BufferedImage half = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = half.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.drawImage(picture, 0, 0, width, height, null);
      graphics.dispose();
      picture = half;
    }
    return picture;
  }

  private static BufferedImage opaque(BufferedImage picture) {
    if (picture.getType() == BufferedImage.TYPE_INT_RGB) {
      return picture;
    }
    BufferedImage copy =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = copy.createGraphics();
    graphics.drawImage(picture, 0, 0, null);
    graphics.dispose();
    return copy;
  }

  private static Thumbnail encode(BufferedImage picture, boolean lossless) {
    String format = lossless ? "png" : "jpeg";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(picture, format, bytes)) {
        throw new IllegalStateException("no writer for " + format + " of this kind of image");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String data = Base64.getEncoder().encodeToString(bytes.toByteArray());
    return new Thumbnail(
        picture.getWidth(), picture.getHeight(), "data:image/" + format + ";base64," + data);
  }
}
