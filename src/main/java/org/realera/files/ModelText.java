package org.realera.files;

import java.util.stream.Collectors;

/**
 * Texts as the model reads them. A blank that does not break, a soft hyphen, a mark of no width or
 * an accent by itself comes along when words are pasted or typed; the tokenizer passes over it, so
 * it makes no other name and no other prompt. See {@link BasicNormalizer}.
 */
public final class ModelText {
  private ModelText() {}

  /**
   * The text in its own letters without what the model does not see: composed (NFC), plain blanks,
   * one between two words and none at the ends.
   */
  public static String tidy(String text) {
    return BasicNormalizer.words(text, false).collect(Collectors.joining(" "));
  }

  /** The same with each CJK character a word of its own, to look for words in. */
  public static String apart(String text) {
    return BasicNormalizer.words(text, true).collect(Collectors.joining(" "));
  }

  /** Whether the model reads nothing in it. */
  public static boolean isBlank(String text) {
    return BasicNormalizer.normalize(text).isEmpty();
  }

  /**
   * Whether a letter was lost before: what could not be read as UTF-8 is saved as U+FFFD, which the
   * model does not see, so that a name would just be shorter.
   */
  public static boolean hasLostLetter(String text) {
    return text.indexOf('\uFFFD') >= 0;
  }

  /** Whether the model reads one as the other, in letters of any case. */
  public static boolean isSame(String one, String other) {
    return BasicNormalizer.normalize(one).equals(BasicNormalizer.normalize(other));
  }
}
