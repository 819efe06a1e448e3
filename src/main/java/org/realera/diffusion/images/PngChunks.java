package org.realera.diffusion.images;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a whole PNG (ISO/IEC 15948), each with the right checksum.
 *
 * @param all from IHDR to IEND
 * @param end the first byte behind the image
 */
record PngChunks(List<Chunk> all, int end) {
  static final int IHDR = 0x49484452;
  static final int PLTE = 0x504c5445;
  static final int IDAT = 0x49444154;
  static final int TRNS = 0x74524e53;
  static final int EXIF = 0x65584966;
  private static final int IEND = 0x49454e44;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final int HEADER = 13;

  /**
   * One chunk.
   *
   * @param type its four letters
   * @param start of its data in the file
   * @param length of its data
   */
  record Chunk(int type, int start, int length) {}

  static boolean isPng(byte[] bytes) {
    return bytes.length >= SIGNATURE.length
        && Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /** Null unless the PNG is there to its last chunk and begins with a header. */
  static @Nullable PngChunks read(byte[] bytes) {
    if (!isPng(bytes)) {
      return null;
    }
    ByteBuffer png = ByteBuffer.wrap(bytes);
    List<Chunk> all = new ArrayList<>();
    CRC32 crc = new CRC32();
    int at = SIGNATURE.length;
    while (at + 12L <= bytes.length) {
      int length = png.getInt(at);
      if (length < 0 || at + 12L + length > bytes.length) {
        return null;
      }
      crc.reset();
      crc.update(bytes, at + 4, 4 + length);
      if ((int) crc.getValue() != png.getInt(at + 8 + length)) {
        return null;
      }
      Chunk chunk = new Chunk(png.getInt(at + 4), at + 8, length);
      if (all.isEmpty() && (chunk.type != IHDR || length != HEADER)) {
        return null;
      }
      all.add(chunk);
      at += 12 + length;
      if (chunk.type == IEND) {
        return new PngChunks(all, at);
      }
    }
    return null;
  }
}
