package org.realera.eval;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The texts that a PNG carries: chunks tEXt, and iTXt that are not compressed. */
final class PngText {
  private static final int SIGNATURE = 8;
  private static final int FRAME = 12;
  private static final int TEXT = 0x74455874;
  private static final int INTERNATIONAL = 0x69545874;

  private PngText() {}

  /**
   * Reads a text.
   *
   * @return null if the file holds none of that keyword, or is no PNG
   */
  static @Nullable String read(Path file, String keyword) {
    ByteBuffer png;
    try {
      png = ByteBuffer.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw RunFiles.unwritable("read", file, e);
    }
    for (int at = SIGNATURE; at + FRAME <= png.limit(); ) {
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
