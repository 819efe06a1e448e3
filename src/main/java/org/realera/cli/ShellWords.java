package org.realera.cli;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Texts as shells and file systems like them. */
final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
  private static final int SLUG_LENGTH = 60;

  private ShellWords() {}

  /** The word as one word of a POSIX shell. */
  static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** A text as part of a file name: {@code a-photo-of-the-airplane}; never empty. */
  static String slug(String text) {
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFKD)
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\p{M}+", "")
            .replaceAll("[^\\p{L}\\p{N}]+", "-")
            .replaceAll("^-+|-+$", "");
    if (plain.length() > SLUG_LENGTH) {
      plain = plain.substring(0, plain.offsetByCodePoints(0, plain.codePointCount(0, SLUG_LENGTH)));
      plain = plain.replaceAll("-+$", "");
    }
    return plain.isEmpty() ? "untitled" : plain;
  }
}
