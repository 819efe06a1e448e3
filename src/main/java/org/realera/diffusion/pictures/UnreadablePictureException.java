package org.realera.diffusion.pictures;

import java.io.IOException;

/** Bytes that are no picture, not all of one, or one of a kind or size that is not read. */
public final class UnreadablePictureException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason what the file is, to stand behind its name: "is no whole picture"
   */
  UnreadablePictureException(String reason) {
    super(reason);
  }

  static UnreadablePictureException cut() {
    return new UnreadablePictureException("is no whole picture");
  }

  static UnreadablePictureException unsupported(String kind) {
    return new UnreadablePictureException("is " + kind + ", which is not read");
  }
}
