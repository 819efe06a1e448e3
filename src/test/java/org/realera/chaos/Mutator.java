package org.realera.chaos;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages files, the same way for the same seed: bytes of any kind, and words of a text. */
final class Mutator {
  private static final Pattern WORDS =
      Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.){0,200}\"|-?[\\w.+]+|\\s+|.", Pattern.DOTALL);

  /** What readers stumble over. */
  private static final List<String> HARD =
      List.of(
          "null",
          "true",
          "\"\"",
          "[]",
          "{}",
          "[null]",
          "-1",
          "0",
          "1",
          "1e999",
          "1e-999999999",
          "0.5",
          "2147483647",
          "2147483648",
          "9223372036854775807",
          "99999999999999999999999",
          "NaN",
          "\"x\"",
          "\"",
          "\"\"\"",
          "'",
          ";",
          ",",
          ":",
          "\n",
          "\r",
          "\t",
          "\0",
          "- ",
          "*a",
          "&a ",
          "!!java.io.File ",
          "|",
          "\n---\n",
          "\ufeff",
          "\u00e9\ud83d\ude00",
          "\u001b[31m",
          "../../x",
          "/",
          " ",
          "[".repeat(3000),
          "{\"a\":".repeat(1500),
          "x".repeat(5000));

  private static final int[] BYTES = {0, 1, 0x7f, 0x80, 0xff, 0xe9, '"', '\n', '\r', ';', ',', '{'};

  private final Random random;

  Mutator(long seed) {
    random = new Random(seed);
  }

  /**
   * A damaged file.
   *
   * @param other of the same kind; pieces of it may get in
   */
  byte[] mutant(byte[] whole, byte[] other, boolean text) {
    byte[] bytes = whole;
    int changes = random.nextBoolean() ? 1 : 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      bytes = text && random.nextInt(4) != 0 ? words(bytes) : bytes(bytes, other);
    }
    return bytes;
  }

  boolean nextBoolean() {
    return random.nextBoolean();
  }

  int below(int bound) {
    return random.nextInt(Math.max(1, bound));
  }

  /** Damage to a text's words and marks; bytes that are no UTF-8 are kept as they are. */
  byte[] words(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<String> words =
        new ArrayList<>(WORDS.matcher(text).results().map(MatchResult::group).toList());
    if (words.isEmpty()) {
      words.add("");
    }
    int at = below(words.size());
    switch (random.nextInt(7)) {
      case 0 -> words.set(at, hard());
      case 1 -> words.add(at, hard());
      case 2 -> words.remove(at);
      case 3 -> words.add(below(words.size()), words.get(at));
      case 4 -> words.set(at, words.get(below(words.size())));
      case 5 -> words.subList(at, Math.min(words.size(), at + 1 + below(12))).clear();
      default -> {
        List<String> piece =
            List.copyOf(words.subList(at, Math.min(words.size(), at + 1 + below(30))));
        words.addAll(below(words.size()), piece);
      }
    }
    return String.join("", words).getBytes(StandardCharsets.ISO_8859_1);
  }

  private String hard() {
    byte[] utf8 = HARD.get(random.nextInt(HARD.size())).getBytes(StandardCharsets.UTF_8);
    return new String(utf8, StandardCharsets.ISO_8859_1);
  }

  private byte[] bytes(byte[] bytes, byte[] other) {
    byte[] copy = bytes.clone();
    int at = below(copy.length);
    if (copy.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    switch (random.nextInt(8)) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) BYTES[random.nextInt(BYTES.length)];
      case 2 -> {
        return Arrays.copyOf(copy, at);
      }
      case 3 -> {
        byte[] noise = new byte[1 + below(16)];
        random.nextBytes(noise);
        return joined(copy, at, noise, 0, noise.length, at);
      }
      case 4 -> {
        return joined(copy, at, copy, 0, 0, Math.min(copy.length, at + 1 + below(64)));
      }
      case 5 -> {
        int length = Math.min(copy.length - at, 1 + below(64));
        return joined(copy, at, copy, at, length, at);
      }
      case 6 -> {
        int from = below(other.length);
        return joined(copy, at, other, from, Math.min(other.length - from, 1 + below(64)), at);
      }
      default -> {
        for (int i = at; i < Math.min(copy.length, at + 4); i++) {
          copy[i] = (byte) random.nextInt(256);
        }
      }
    }
    return copy;
  }

  /** The bytes before {@code at}, a piece of others, and those from {@code on}. */
  private static byte[] joined(byte[] bytes, int at, byte[] piece, int from, int length, int on) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    out.write(piece, from, length);
    out.write(bytes, on, bytes.length - on);
    return out.toByteArray();
  }
}
