package org.realera.diffusion;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.realera.files.AtomicFile;

/** Writes images as PNG (ISO/IEC 15948), with texts such as prompt and seed in it. */
public final class PngWriter {
  private static final byte[] SIGNATURE = {(byte) 137, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final byte BITS = 8;
  private static final byte RGB = 2;
  private static final byte PAETH = 4;
  private static final int PIXEL = 3;

  private PngWriter() {}

  /**
   * Writes a file, whole or not at all; the same image and texts give the same bytes.
   *
   * @param texts keyword (1 to 79 Latin-1 characters) to text, in the order of the map
   * @throws org.realera.RealeraException (failed, resources) if it can't be written
   */
  public static void write(Path file, Image image, Map<String, String> texts) {
    byte[] png = encode(image, texts);
    AtomicFile.write(file, png);
  }

  /** The bytes that {@link #write} would write. */
  public static byte[] encode(Image image, Map<String, String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(SIGNATURE);
      chunk(out, "IHDR", header(image));
      for (Map.Entry<String, String> text : texts.entrySet()) {
        text(out, text.getKey(), text.getValue());
      }
      chunk(out, "IDAT", deflate(filter(image)));
      chunk(out, "IEND", new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] header(Image image) {
    return ByteBuffer.allocate(13)
        .putInt(image.width())
        .putInt(image.height())
        .put(BITS)
        .put(RGB)
        .array();
  }

  /** A tEXt chunk, or iTXt where Latin-1 does not suffice. */
  private static void text(DataOutputStream out, String keyword, String text) throws IOException {
    Charset latin1 = StandardCharsets.ISO_8859_1;
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(keyword.getBytes(latin1));
    data.write(0);
    if (latin1.newEncoder().canEncode(text)) {
      data.writeBytes(text.getBytes(latin1));
      chunk(out, "tEXt", data.toByteArray());
    } else {
      // not compressed, no language, no translated keyword
      data.writeBytes(new byte[4]);
      data.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      chunk(out, "iTXt", data.toByteArray());
    }
  }

  private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }

  /** Each row behind its filter type; Paeth suits images best. */
  private static byte[] filter(Image image) {
    int row = PIXEL * image.width();
    byte[] rgb = image.rgb();
    byte[] out = new byte[(row + 1) * image.height()];
    int at = 0;
    for (int y = 0; y < image.height(); y++) {
      out[at++] = PAETH;
      for (int x = 0; x < row; x++) {
        int here = y * row + x;
        int left = x >= PIXEL ? rgb[here - PIXEL] & 255 : 0;
        int up = y > 0 ? rgb[here - row] & 255 : 0;
        int corner = x >= PIXEL && y > 0 ? rgb[here - row - PIXEL] & 255 : 0;
        out[at++] = (byte) (rgb[here] - paeth(left, up, corner));
      }
    }
    return out;
  }

  /** Whichever of the three is nearest to left + up - corner. */
  private static int paeth(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }

  private static byte[] deflate(byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
      out.write(data);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }
}
