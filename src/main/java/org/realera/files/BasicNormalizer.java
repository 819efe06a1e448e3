package org.realera.files;

import java.text.Normalizer;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What transformers' BasicTokenizer does to a prompt before CLIP's BPE: drops control characters,
 * sets blanks round CJK characters, composes (NFC), squeezes white space and folds to lower case.
 * The slow CLIPTokenizer does this; the fast one does not, and so differs on such text.
 *
 * <p>Which characters are unassigned, and hence dropped, follows Unicode 14, as in Python 3.11.
 */
public final class BasicNormalizer {
  /** What Unicode 14 added to the 13 of JDK 17, so that newer emoji are not dropped. */
  private static final int[][] SINCE_UNICODE_14 = {
    {0x061D, 0x061D},
    {0x0870, 0x088E},
    {0x0898, 0x089F},
    {0x08B5, 0x08B5},
    {0x08C8, 0x08D2},
    {0x0C3C, 0x0C3C},
    {0x0C5D, 0x0C5D},
    {0x0CDD, 0x0CDD},
    {0x170D, 0x170D},
    {0x1715, 0x1715},
    {0x171F, 0x171F},
    {0x180F, 0x180F},
    {0x1AC1, 0x1ACE},
    {0x1B4C, 0x1B4C},
    {0x1B7D, 0x1B7E},
    {0x1DFA, 0x1DFA},
    {0x20C0, 0x20C0},
    {0x2C2F, 0x2C2F},
    {0x2C5F, 0x2C5F},
    {0x2E53, 0x2E5D},
    {0x9FFD, 0x9FFF},
    {0xA7C0, 0xA7C1},
    {0xA7D0, 0xA7D1},
    {0xA7D3, 0xA7D3},
    {0xA7D5, 0xA7D9},
    {0xA7F2, 0xA7F4},
    {0xFBC2, 0xFBC2},
    {0xFD40, 0xFD4F},
    {0xFDCF, 0xFDCF},
    {0xFDFE, 0xFDFF},
    {0x10570, 0x1057A},
    {0x1057C, 0x1058A},
    {0x1058C, 0x10592},
    {0x10594, 0x10595},
    {0x10597, 0x105A1},
    {0x105A3, 0x105B1},
    {0x105B3, 0x105B9},
    {0x105BB, 0x105BC},
    {0x10780, 0x10785},
    {0x10787, 0x107B0},
    {0x107B2, 0x107BA},
    {0x10F70, 0x10F89},
    {0x11070, 0x11075},
    {0x110C2, 0x110C2},
    {0x116B9, 0x116B9},
    {0x11740, 0x11746},
    {0x11AB0, 0x11ABF},
    {0x12F90, 0x12FF2},
    {0x16A70, 0x16ABE},
    {0x16AC0, 0x16AC9},
    {0x1AFF0, 0x1AFF3},
    {0x1AFF5, 0x1AFFB},
    {0x1AFFD, 0x1AFFE},
    {0x1B11F, 0x1B122},
    {0x1CF00, 0x1CF2D},
    {0x1CF30, 0x1CF46},
    {0x1CF50, 0x1CFC3},
    {0x1D1E9, 0x1D1EA},
    {0x1DF00, 0x1DF1E},
    {0x1E290, 0x1E2AE},
    {0x1E7E0, 0x1E7E6},
    {0x1E7E8, 0x1E7EB},
    {0x1E7ED, 0x1E7EE},
    {0x1E7F0, 0x1E7FE},
    {0x1F6DD, 0x1F6DF},
    {0x1F7F0, 0x1F7F0},
    {0x1F979, 0x1F979},
    {0x1F9CC, 0x1F9CC},
    {0x1FA7B, 0x1FA7C},
    {0x1FAA9, 0x1FAAC},
    {0x1FAB7, 0x1FABA},
    {0x1FAC3, 0x1FAC5},
    {0x1FAD7, 0x1FAD9},
    {0x1FAE0, 0x1FAE7},
    {0x1FAF0, 0x1FAF6},
    {0x2A6DE, 0x2A6DF},
    {0x2B735, 0x2B738},
  };

  private static final int[][] CJK = {
    {0x4E00, 0x9FFF}, {0x3400, 0x4DBF}, {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F},
    {0x2B740, 0x2B81F}, {0x2B820, 0x2CEAF}, {0xF900, 0xFAFF}, {0x2F800, 0x2FA1F},
  };

  private BasicNormalizer() {}

  /** The words of {@code text} in lower case, one blank between two. */
  public static String normalize(String text) {
    // Word by word, since a Greek sigma's lower case depends on what follows it.
    return words(text, true).map(BasicNormalizer::lowerCase).collect(Collectors.joining(" "));
  }

  /**
   * The words in their own letters.
   *
   * @param apart whether each CJK character is a word, as the model reads it
   */
  static Stream<String> words(String text, boolean apart) {
    StringBuilder clean = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> appendClean(clean, c, apart));
    String composed = Normalizer.normalize(clean, Normalizer.Form.NFC);
    return Stream.of(composed.split("[ \u2028\u2029]+", -1)).filter(word -> !word.isEmpty());
  }

  private static String lowerCase(String word) {
    StringBuilder lower = new StringBuilder(word.length());
    word.toLowerCase(Locale.ROOT)
        .codePoints()
        .map(BasicNormalizer::lowerNew)
        .forEach(lower::appendCodePoint);
    return lower.toString();
  }

  /** The capitals of Unicode 14: Vithkuqi, and five of Glagolitic and Latin. */
  private static int lowerNew(int c) {
    return switch (c) {
      case 0x2C2F -> 0x2C5F;
      case 0xA7C0, 0xA7D0, 0xA7D6, 0xA7D8 -> c + 1;
      default -> c >= 0x10570 && c <= 0x10595 ? c + 0x27 : c;
    };
  }

  private static void appendClean(StringBuilder clean, int c, boolean apart) {
    if (c == '\t' || c == '\n' || c == '\r' || Character.getType(c) == Character.SPACE_SEPARATOR) {
      clean.append(' ');
    } else if (apart && isIn(CJK, c) && !isDropped(c)) {
      clean.append(' ').appendCodePoint(c).append(' ');
    } else if (!isDropped(c)) {
      clean.appendCodePoint(c);
    }
  }

  private static boolean isDropped(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      case Character.UNASSIGNED -> !isIn(SINCE_UNICODE_14, c);
      default -> c == 0xFFFD;
    };
  }

  private static boolean isIn(int[][] ranges, int c) {
    for (int[] range : ranges) {
      if (c >= range[0] && c <= range[1]) {
        return true;
      }
    }
    return false;
  }
}
