package org.realera.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256, as lower-case hexadecimal or to be fed. */
public final class Digests {
  private Digests() {}

  /** As much of a digest as people compare. */
  public static String brief(String hex) {
    return hex.substring(0, Math.min(16, hex.length()));
  }

  /** Of some bytes. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** Of a text in UTF-8. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Of the files' bytes one after another.
   *
   * @throws org.realera.RealeraException (not found, failed) if one can't be read
   */
  public static String sha256(List<Path> files) {
    MessageDigest digest = digest();
    byte[] buffer = new byte[1 << 20];
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      } catch (IOException e) {
        throw IoErrors.reading(file, e);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A new digest, to be fed. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
