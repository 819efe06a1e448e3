package org.realera.files;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/** Texts as names of files. */
public final class FileNames {
  private static final int SLUG_LENGTH = 60;

  private FileNames() {}

  /**
   * A text as part of a file name: {@code a-photo-of-the-airplane}; never empty.
   *
   * <p>Accents go, so that the name can be typed anywhere, and it is cut at 60 characters, for more
   * stands beside it. The images of eval runs keep the names that {@code ImageSet.slug} gives them.
   */
  public static String slug(String text) {
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

  /** Whether a text of somebody else's is one part of a path, that leads nowhere else. */
  public static boolean isOnePart(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == 0);
  }

  /**
   * The beginning of a name, of whole characters: half a one is no name of a file.
   *
   * @param chars of Java, at most
   * @param bytes of UTF-8, at most
   */
  public static String cut(String name, int chars, int bytes) {
    int end = 0;
    int size = 0;
    while (end < name.length()) {
      int c = name.codePointAt(end);
      size += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
      if (end + Character.charCount(c) > chars || size > bytes) {
        break;
      }
      end += Character.charCount(c);
    }
    return name.substring(0, end);
  }
}
