package org.realera.diffusion.images;

import java.io.IOException;

/** Bytes that are no image, not all of one, or one of a kind or size that is not read. */
public final class UnreadableImageException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason what the file is, to stand behind its name: "is no whole picture"
   */
  UnreadableImageException(String reason) {
    super(reason);
  }

  static UnreadableImageException cut() {
    return new UnreadableImageException("is no whole picture");
  }

  static UnreadableImageException unsupported(String kind) {
    return new UnreadableImageException("is " + kind + ", which is not read");
  }
}
