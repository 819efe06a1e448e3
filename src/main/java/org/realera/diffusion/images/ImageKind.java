package org.realera.diffusion.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Kinds of images, told apart by how their files begin; of them PNG and JPEG are read. */
public enum ImageKind {
  PNG("a PNG picture"),
  JPEG("a JPEG picture"),
  WEBP("a WebP picture"),
  GIF("a GIF picture"),
  BMP("a BMP picture"),
  TIFF("a TIFF picture"),
  AVIF("an AVIF picture"),
  HEIF("a HEIF picture"),
  JPEG_XL("a JPEG XL picture"),
  JPEG_2000("a JPEG 2000 picture");

  /** So many bytes tell the kind. */
  public static final int START = 18;

  /** Sizes of a BMP's second header; they stand at its byte 14. */
  private static final Set<Integer> BMP_HEADERS = Set.of(12, 40, 52, 56, 64, 108, 124);

  private final String words;

  ImageKind(String words) {
    this.words = words;
  }

  /** With its article: {@code a PNG picture}. */
  public String words() {
    return words;
  }

  /**
   * What begins so; empty for what is no image, or of a kind that is not known here.
   *
   * @param start the first {@value #START} bytes of a file, or more, or all of a shorter one
   */
  public static Optional<ImageKind> of(byte[] start) {
    return Arrays.stream(values()).filter(kind -> kind.begins(start)).findFirst();
  }

  private boolean begins(byte[] start) {
    return switch (this) {
      case PNG -> has(start, 0, "\u0089PNG");
      case JPEG -> has(start, 0, "\u00ff\u00d8\u00ff");
      case WEBP -> has(start, 0, "RIFF") && has(start, 8, "WEBP");
      case GIF -> has(start, 0, "GIF8");
      case BMP -> isBmp(start);
      case TIFF -> has(start, 0, "II*\0") || has(start, 0, "MM\0*");
      case AVIF -> has(start, 4, "ftypavi");
      case HEIF -> has(start, 4, "ftyphei") || has(start, 4, "ftypmif1");
      case JPEG_XL -> has(start, 4, "JXL ") || has(start, 0, "\u00ff\n");
      case JPEG_2000 -> has(start, 4, "jP  ");
    };
  }

  /** Two letters alone begin many a text. */
  private static boolean isBmp(byte[] start) {
    return has(start, 0, "BM")
        && start.length >= START
        && BMP_HEADERS.contains(ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt(14));
  }

  static boolean has(byte[] bytes, int at, String with) {
    byte[] wanted = with.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= at + wanted.length
        && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }
}
