package org.realera.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How many letters two words differ in, for "did you mean". */
public final class EditDistance {
  private EditDistance() {}

  /** The candidate nearest to {@code word}, or null if none is near enough to be a slip of it. */
  public static @Nullable String nearest(String word, Collection<String> candidates) {
    String folded = fold(word);
    String best =
        candidates.stream()
            .min(Comparator.comparingInt(c -> between(folded, fold(c))))
            .orElse(null);
    int limit = Math.max(2, word.length() / 3);
    return best != null && between(folded, fold(best)) <= limit ? best : null;
  }

  private static String fold(String key) {
    return key.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Levenshtein's distance. */
  public static int between(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int swap = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(swap, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
