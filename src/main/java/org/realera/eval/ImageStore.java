package org.realera.eval;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.realera.RealeraException;
import org.realera.diffusion.Picture;
import org.realera.diffusion.PngWriter;

/** The images of a run folder. An image is there when its PNG is whole and of the right size. */
final class ImageStore {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final int IHDR = 0x49484452;
  private static final int IEND = 0x49454e44;

  private final Path root;
  private final int width;
  private final int height;

  /**
   * The store of one run folder.
   *
   * @param root the run folder
   * @param width pixels that every image must have
   */
  ImageStore(Path root, int width, int height) {
    this.root = root;
    this.width = width;
    this.height = height;
  }

  Path path(PlannedImage image) {
    return root.resolve(image.file());
  }

  /** Whether the image is there and whole. A file cut short by a full disk is not. */
  boolean has(PlannedImage image) {
    try {
      return isWhole(Files.readAllBytes(path(image)), width, height);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new RealeraException(
          RealeraException.Kind.FAILED,
          path(image) + " can't be read: " + e.getMessage(),
          "check the disk and the permissions of that file",
          e);
    }
  }

  /** Whether every image of the batch is there and whole. */
  boolean hasAll(List<PlannedImage> batch) {
    return batch.stream().allMatch(this::has);
  }

  /** Writes an image, whole or not at all, replacing what is there. */
  void write(PlannedImage image, Picture picture, Map<String, String> texts) {
    Path path = path(image);
    try {
      Files.createDirectories(path.getParent());
    } catch (IOException e) {
      throw RunFiles.unwritable("make the folder of", path, e);
    }
    PngWriter.write(path, picture, texts);
  }

  /**
   * Reads an image.
   *
   * @throws RealeraException (damaged) if it is missing or cut short
   */
  Stored read(PlannedImage image) {
    Path path = path(image);
    try {
      byte[] bytes = Files.readAllBytes(path);
      BufferedImage decoded =
          isWhole(bytes, width, height) ? ImageIO.read(new ByteArrayInputStream(bytes)) : null;
      if (decoded == null) {
        throw RealeraException.damaged(
            path + " is no whole PNG of " + width + " x " + height,
            "run the same command again: it draws what is missing or damaged");
      }
      return new Stored(picture(decoded), Digests.sha256(bytes));
    } catch (IOException e) {
      throw RunFiles.unwritable("read", path, e);
    }
  }

  /** An image from disk with the digest of its file. */
  record Stored(Picture picture, String sha256) {}

  static Picture picture(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    byte[] rgb = new byte[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      rgb[3 * i] = (byte) (pixels[i] >> 16);
      rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
      rgb[3 * i + 2] = (byte) pixels[i];
    }
    return new Picture(image.getWidth(), image.getHeight(), rgb);
  }

  /** Walks the chunks of a PNG: size, every checksum, and an end without a rest. */
  static boolean isWhole(byte[] bytes, int width, int height) {
    ByteBuffer png = ByteBuffer.wrap(bytes);
    if (bytes.length < 45
        || !Arrays.equals(bytes, 0, 8, SIGNATURE, 0, 8)
        || png.getInt(12) != IHDR
        || png.getInt(16) != width
        || png.getInt(20) != height) {
      return false;
    }
    int at = 8;
    CRC32 crc = new CRC32();
    while (at + 12L <= bytes.length) {
      int length = png.getInt(at);
      if (length < 0 || at + 12L + length > bytes.length) {
        return false;
      }
      crc.reset();
      crc.update(bytes, at + 4, 4 + length);
      if ((int) crc.getValue() != png.getInt(at + 8 + length)) {
        return false;
      }
      int type = png.getInt(at + 4);
      at += 12 + length;
      if (type == IEND) {
        return at == bytes.length;
      }
    }
    return false;
  }
}
