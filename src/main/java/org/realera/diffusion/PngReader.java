package org.realera.diffusion;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.realera.files.IoErrors;

/** What a PNG (ISO/IEC 15948) says besides its pixels: whether it is whole, and its texts. */
public final class PngReader {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final int IHDR = 0x49484452;
  private static final int IEND = 0x49454e44;
  private static final int FRAME = 12;
  private static final int TEXT = 0x74455874;
  private static final int INTERNATIONAL = 0x69545874;

  private PngReader() {}

  /**
   * Whether these bytes are all of a PNG. Walks the chunks: size, every checksum, and an end
   * without a rest.
   *
   * @param width pixels that the picture must have
   * @param height the same
   */
  public static boolean isWhole(byte[] bytes, int width, int height) {
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

  /**
   * Reads one of its texts: chunks tEXt, and iTXt that are not compressed.
   *
   * @return null if the file holds none of that keyword, or is no PNG
   * @throws org.realera.RealeraException (not found, failed) if the file can't be read
   */
  public static @Nullable String text(Path file, String keyword) {
    ByteBuffer png;
    try {
      png = ByteBuffer.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
    for (int at = SIGNATURE.length; at + FRAME <= png.limit(); ) {
      int length = png.getInt(at);
      if (length < 0 || length > png.limit() - at - FRAME) {
        return null;
      }
      int type = png.getInt(at + 4);
      if (type == TEXT || type == INTERNATIONAL) {
        byte[] data = new byte[length];
        png.get(at + 8, data);
        String text = text(data, keyword, type == INTERNATIONAL);
        if (text != null) {
          return text;
        }
      }
      at += FRAME + length;
    }
    return null;
  }

  private static @Nullable String text(byte[] data, String keyword, boolean international) {
    int end = end(data, 0);
    if (!keyword.equals(new String(data, 0, end, StandardCharsets.ISO_8859_1))) {
      return null;
    }
    int start = end + 1;
    Charset charset = StandardCharsets.ISO_8859_1;
    if (international) {
      if (start + 1 >= data.length || data[start] != 0) {
        return null;
      }
      int language = end(data, start + 2);
      start = end(data, Math.min(language + 1, data.length)) + 1;
      charset = StandardCharsets.UTF_8;
    }
    return start > data.length ? null : new String(data, start, data.length - start, charset);
  }

  /** Index of the next zero byte, or the length. */
  private static int end(byte[] data, int from) {
    int at = from;
    while (at < data.length && data[at] != 0) {
      at++;
    }
    return at;
  }
}
