package org.realera.files;

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
}
