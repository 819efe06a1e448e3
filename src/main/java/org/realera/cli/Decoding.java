package org.realera.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * How this JVM made texts of the bytes of its command line. In a locale that is not of UTF-8, or is
 * not installed, it puts {@code ?} or another letter for what it can't read, and says nothing.
 */
final class Decoding {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final String UNREADABLE = "\uFFFD";

  private final String encoding;
  private final byte @Nullable [] bytes;

  /**
   * @param encoding the JVM's own, {@code sun.jnu.encoding}
   * @param bytes the whole command line, a 0 after each word; null where the system does not tell
   */
  Decoding(String encoding, byte @Nullable [] bytes) {
    this.encoding = encoding;
    this.bytes = bytes == null ? null : bytes.clone();
  }

  /** What is so here. */
  static Decoding ofThisJvm() {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    byte[] bytes = null;
    if (!isUtf8(encoding)) {
      try {
        bytes = Files.readAllBytes(COMMAND_LINE);
      } catch (IOException e) {
        // Not Linux.
      }
    }
    return new Decoding(encoding, bytes);
  }

  /**
   * Checks that words are what was typed.
   *
   * @param words the last of the command line
   * @throws RealeraException (usage) for one that is not
   */
  void require(List<String> words) {
    for (String word : words) {
      if (word.contains(UNREADABLE)) {
        throw RealeraException.usage(
            "'" + word + "' has a character that could not be read (U+FFFD)",
            "Type it in UTF-8: `locale charmap` should say UTF-8 (else set LC_ALL=C.UTF-8), and so"
                + " should the terminal's settings.");
      }
    }
    if (isUtf8(encoding)) {
      return;
    }
    for (int i = 0; i < words.size(); i++) {
      if (isLost(words.get(i), raw(words.size() - i))) {
        throw RealeraException.usage(
            "'" + words.get(i) + "' is not what was typed: Java reads its arguments as " + encoding,
            "Set LC_ALL to a locale of UTF-8 that `locale -a` lists, e.g. LC_ALL=C.UTF-8.");
      }
    }
  }

  private boolean isLost(String word, byte @Nullable [] raw) {
    boolean ascii = StandardCharsets.US_ASCII.equals(charset());
    if (raw == null) {
      return ascii && word.contains("?");
    }
    boolean plain = true;
    for (byte b : raw) {
      plain &= b >= 0;
    }
    // Latin-1 reads all bytes: but those of several letters that make up one of UTF-8 are just
    // that.
    return !plain && (ascii || isValidUtf8(raw));
  }

  /** The bytes of a word, counted from the last, which is 1; null if they are not known. */
  private byte @Nullable [] raw(int fromEnd) {
    if (bytes == null) {
      return null;
    }
    int end = bytes.length;
    for (int word = 1; end > 0; word++) {
      int start = end - 1;
      while (start > 0 && bytes[start - 1] != 0) {
        start--;
      }
      if (word == fromEnd) {
        return Arrays.copyOfRange(bytes, start, end - 1);
      }
      end = start;
    }
    return null;
  }

  private @Nullable Charset charset() {
    try {
      return Charset.forName(encoding);
    } catch (IllegalArgumentException e) {
      return null; // of the system, but not of Java
    }
  }

  private static boolean isUtf8(String encoding) {
    return encoding.equalsIgnoreCase("UTF-8") || encoding.equalsIgnoreCase("UTF8");
  }

  private static boolean isValidUtf8(byte[] raw) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
