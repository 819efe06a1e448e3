package org.realera.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.realera.RealeraException;

/** Weights as PyTorch saves them, which are not read: told by their first bytes, and refused. */
public final class Pickles {
  /** How a zip archive begins, which PyTorch wraps around its pickles since version 1.6. */
  private static final int ZIP = 0x504B0304;

  /** The opcode by which a pickle names its protocol, before 2 to 5. */
  private static final byte PROTOCOL = (byte) 0x80;

  /** Of a safetensors header, after the eight bytes of its length. */
  private static final byte BRACE = '{';

  private Pickles() {}

  /**
   * Whether a file that is called {@code .safetensors} is a pickle.
   *
   * @param start its first bytes, 8 or more; not advanced
   */
  static boolean looksLikeOne(ByteBuffer start) {
    boolean json = start.limit() > Long.BYTES && start.get(Long.BYTES) == BRACE;
    boolean zip = start.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0) == ZIP;
    boolean pickle = start.get(0) == PROTOCOL && start.get(1) >= 2 && start.get(1) <= 5;
    return !json && (zip || pickle);
  }

  /** The error for a pickle, whatever its name ends in. */
  public static RealeraException refused(Path file) {
    return RealeraException.damaged(
        file + " is a pickle, which is not read: opening one runs whatever program is in it",
        "If you trust it, convert it in Python: StableDiffusionPipeline.from_single_file(FILE)"
            + ".save_pretrained(FOLDER); or take the model's .safetensors file.");
  }
}
