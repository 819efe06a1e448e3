package org.realera.diffusion.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.realera.files.IoErrors;

/** What a PNG (ISO/IEC 15948) says besides its pixels: whether it is whole, and its texts. */
public final class PngReader {
  private static final int SIGNATURE = 8;
  private static final int FRAME = 12;

  /** Where the header has the color type, and its bit for an alpha channel. */
  private static final int COLOR_TYPE = 25;

  private static final int ALPHA = 4;

  private static final int TEXT = 0x74455874;
  private static final int INTERNATIONAL = 0x69545874;

  private PngReader() {}

  /**
   * Whether these bytes are all of a PNG and nothing else. Walks the chunks: size, every checksum,
   * and an end without a rest.
   *
   * @param width pixels that the image must have
   * @param height the same
   */
  public static boolean isWhole(byte[] bytes, int width, int height) {
    PngChunks chunks = PngChunks.read(bytes);
    ByteBuffer png = ByteBuffer.wrap(bytes);
    return chunks != null
        && chunks.end() == bytes.length
        && png.getInt(16) == width
        && png.getInt(20) == height;
  }

  /**
   * Whether pixels of a PNG may be transparent: it has an alpha channel, or a colour or palette
   * entry of its own for that. False of what is no whole PNG.
   */
  public static boolean mayBeTransparent(byte[] bytes) {
    PngChunks chunks = PngChunks.read(bytes);
    if (chunks == null) {
      return false;
    }
    boolean alpha = (bytes[COLOR_TYPE] & ALPHA) != 0;
    return alpha || chunks.all().stream().anyMatch(chunk -> chunk.type() == PngChunks.TRNS);
  }

  /** How EXIF says that it lies, see {@link Orientation}; of several eXIf the first counts. */
  static int orientation(byte[] bytes) {
    PngChunks chunks = PngChunks.read(bytes);
    return chunks == null
        ? Orientation.UPRIGHT
        : chunks.all().stream()
            .filter(chunk -> chunk.type() == PngChunks.EXIF)
            .findFirst()
            .map(exif -> Orientation.of(bytes, exif.start(), exif.length()))
            .orElse(Orientation.UPRIGHT);
  }

  /**
   * Reads its texts: chunks tEXt, and iTXt that are not compressed.
   *
   * @return keyword to text, in the order of the file; of texts with one keyword the first; none if
   *     it is no PNG
   * @throws org.realera.RealeraException (not found, failed) if the file can't be read
   */
  public static Map<String, String> texts(Path file) {
    try {
      return texts(Files.readAllBytes(file));
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /** The same of a file's bytes. */
  public static Map<String, String> texts(byte[] bytes) {
    Map<String, String> texts = new LinkedHashMap<>();
    ByteBuffer png = ByteBuffer.wrap(bytes);
    int at = PngChunks.isPng(bytes) ? SIGNATURE : bytes.length;
    while (at + FRAME <= bytes.length) {
      int length = png.getInt(at);
      if (length < 0 || length > bytes.length - at - FRAME) {
        break;
      }
      int type = png.getInt(at + 4);
      if (type == TEXT || type == INTERNATIONAL) {
        byte[] data = new byte[length];
        png.get(at + 8, data);
        add(texts, data, type == INTERNATIONAL);
      }
      at += FRAME + length;
    }
    return Collections.unmodifiableMap(texts);
  }

  private static void add(Map<String, String> texts, byte[] data, boolean international) {
    int end = end(data, 0);
    int start = end + 1;
    Charset charset = StandardCharsets.ISO_8859_1;
    if (international) {
      if (start + 1 >= data.length || data[start] != 0) {
        return;
      }
      int language = end(data, start + 2);
      start = end(data, Math.min(language + 1, data.length)) + 1;
      charset = StandardCharsets.UTF_8;
    }
    if (start <= data.length) {
      texts.putIfAbsent(
          new String(data, 0, end, StandardCharsets.ISO_8859_1),
          new String(data, start, data.length - start, charset));
    }
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
