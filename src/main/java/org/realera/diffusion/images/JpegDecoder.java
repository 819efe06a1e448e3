package org.realera.diffusion.images;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.realera.diffusion.Image;
import org.realera.diffusion.images.JpegHeader.Component;

/**
 * Decodes JPEGs. The JDK's libjpeg gives the planes as they are stored; colors are made of them in
 * libjpeg-turbo's integers, so that every pixel is the one that Pillow shows, or OpenCV.
 */
final class JpegDecoder {
  /** A block of 8 x 8 pixels takes at least a bit. */
  private static final long MOST_PIXELS_OF_A_BYTE = 512;

  private final JpegHeader header;
  private final Raster raster;
  private final int planes;
  private final List<Integer> doubled;
  private final boolean openCv;

  private JpegDecoder(JpegHeader header, Raster raster, boolean openCv) {
    this.header = header;
    this.raster = raster;
    this.planes = header.components().size();
    this.doubled = doubled(header, raster);
    this.openCv = openCv;
  }

  static Image decode(byte[] bytes) throws UnreadableImageException {
    return decode(bytes, JpegHeader.read(bytes), false);
  }

  /** As OpenCV reads it: turned upright, and inks in its own arithmetic. */
  static Image decodeAsOpenCv(byte[] bytes) throws UnreadableImageException {
    JpegHeader header = JpegHeader.read(bytes);
    return Orientation.applied(decode(bytes, header, true), header.orientation());
  }

  private static Image decode(byte[] bytes, JpegHeader header, boolean openCv)
      throws UnreadableImageException {
    ImageDecoder.checkSize(header.width(), header.height());
    if ((long) header.width() * header.height() > MOST_PIXELS_OF_A_BYTE * bytes.length) {
      throw UnreadableImageException.cut(); // before room for its pixels is made
    }
    Raster raster = raster(bytes);
    if (raster.getWidth() != header.width()
        || raster.getHeight() != header.height()
        || raster.getNumBands() != header.components().size()) {
      throw UnreadableImageException.cut();
    }
    return new JpegDecoder(header, raster, openCv).image();
  }

  /** The planes, each in the image's full size; in memory, whatever ImageIO's cache is set to. */
  private static Raster raster(byte[] bytes) throws UnreadableImageException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    AtomicBoolean damaged = new AtomicBoolean();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.addIIOReadWarningListener(
          (source, warning) -> damaged.compareAndSet(false, isDamage(warning)));
      reader.setInput(in, true, true);
      Raster raster = reader.readRaster(0, null);
      if (damaged.get()) {
        throw UnreadableImageException.cut();
      }
      return raster;
    } catch (UnreadableImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw UnreadableImageException.cut();
    } finally {
      reader.dispose();
    }
  }

  /** libjpeg goes on behind damaged data and fills up with grey; spare bytes do no harm. */
  private static boolean isDamage(String warning) {
    return warning.startsWith("Premature end")
        || (warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous bytes"));
  }

  private Image image() {
    int width = header.width();
    byte[] rgb = new byte[3 * width * header.height()];
    byte[] row = new byte[planes * width];
    byte[] near = new byte[planes * width];
    for (int y = 0; y < header.height(); y++) {
      raster.getDataElements(0, y, width, 1, row);
      smooth(row, near, y);
      for (int x = 0; x < width; x++) {
        color(row, planes * x, rgb, 3 * (y * width + x));
      }
    }
    return new Image(width, header.height(), rgb);
  }

  /**
   * Planes of half the height and full width: libjpeg-turbo, which Pillow has, mixes in a quarter
   * of the nearest other row; libjpeg 6b, which most JDKs have, only doubles each row. All other
   * planes they enlarge alike.
   */
  private void smooth(byte[] row, byte[] near, int y) {
    if (doubled.isEmpty()) {
      return;
    }
    int last = (header.height() - 1) / 2;
    int other = Math.min(last, Math.max(0, y % 2 == 0 ? y / 2 - 1 : y / 2 + 1));
    raster.getDataElements(0, 2 * other, header.width(), 1, near);
    for (int plane : doubled) {
      for (int i = plane; i < row.length; i += planes) {
        row[i] = (byte) ((3 * (row[i] & 0xff) + (near[i] & 0xff) + 1 + y % 2) >> 2);
      }
    }
  }

  /** Planes of half the height whose rows were only doubled. */
  private static List<Integer> doubled(JpegHeader header, Raster raster) {
    int across = header.components().stream().mapToInt(Component::across).max().orElse(1);
    int down = header.components().stream().mapToInt(Component::down).max().orElse(1);
    List<Integer> doubled = new ArrayList<>();
    for (int c = 0; c < header.components().size(); c++) {
      Component plane = header.components().get(c);
      if (plane.across() == across && 2 * plane.down() == down && isDoubled(raster, c)) {
        doubled.add(c);
      }
    }
    return doubled;
  }

  private static boolean isDoubled(Raster raster, int plane) {
    for (int y = 0; y + 1 < raster.getHeight(); y += 2) {
      for (int x = 0; x < raster.getWidth(); x++) {
        if (raster.getSample(x, y, plane) != raster.getSample(x, y + 1, plane)) {
          return false;
        }
      }
    }
    return true;
  }

  private void color(byte[] row, int at, byte[] rgb, int to) {
    switch (header.color()) {
      case GREY -> {
        rgb[to] = row[at];
        rgb[to + 1] = row[at];
        rgb[to + 2] = row[at];
      }
      case RGB -> System.arraycopy(row, at, rgb, to, 3);
      case YCC -> ycc(row, at, rgb, to);
      case CMYK -> {
        for (int c = 0; c < 3; c++) {
          rgb[to + c] = (byte) ~row[at + c];
        }
        darken(rgb, to, row[at + 3] & 0xff);
      }
      case YCCK -> {
        ycc(row, at, rgb, to); // what the inks absorb, as Adobe stores it
        darken(rgb, to, row[at + 3] & 0xff);
      }
      default -> throw new AssertionError(header.color());
    }
  }

  /** libjpeg's YCbCr to RGB: 16-bit fractions, rounded. */
  private static void ycc(byte[] row, int at, byte[] rgb, int to) {
    int y = row[at] & 0xff;
    int blue = (row[at + 1] & 0xff) - 128;
    int red = (row[at + 2] & 0xff) - 128;
    rgb[to] = clip(y + ((91881 * red + 32768) >> 16)); // 1.402
    rgb[to + 1] = clip(y + ((-22554 * blue - 46802 * red + 32768) >> 16)); // 0.34414, 0.71414
    rgb[to + 2] = clip(y + ((116130 * blue + 32768) >> 16)); // 1.772
  }

  /**
   * CMYK to RGB: Pillow rounds a division by 255, OpenCV takes the upper byte.
   *
   * @param light 255 less the black ink
   */
  private void darken(byte[] rgb, int to, int light) {
    for (int c = 0; c < 3; c++) {
      int product = (rgb[to + c] & 0xff) * light;
      int rounded = product + 128;
      int ink = openCv ? product >> 8 : ((rounded >> 8) + rounded) >> 8;
      rgb[to + c] = clip(light - ink);
    }
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
