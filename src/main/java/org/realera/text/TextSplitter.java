package org.realera.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.tokenizer.AddedToken;

/**
 * Finds the added tokens of a text, as transformers' slow tokenizers do before anything else: to
 * the letter, the leftmost first, of several there the longest.
 */
final class TextSplitter {
  private final Map<String, AddedToken> tokens = new HashMap<>();
  private final List<String> longestFirst;

  TextSplitter(List<AddedToken> added) {
    added.forEach(token -> tokens.put(token.content(), token));
    longestFirst =
        tokens.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /**
   * A part of a text.
   *
   * @param token the added token that it is, or null for words
   */
  record Piece(String text, @Nullable AddedToken token) {}

  boolean isAdded(String token) {
    return tokens.containsKey(token);
  }

  /** The parts of a text, in order; none is empty. */
  List<Piece> split(String text) {
    List<String> parts = cut(expanded(text));
    strip(parts);
    return parts.stream()
        .filter(part -> !part.isEmpty())
        .map(part -> new Piece(part, tokens.get(part)))
        .toList();
  }

  /**
   * A token of several vectors is saved as {@code <x>}, {@code <x>_1}, {@code <x>_2}; who writes
   * the first means all of them, as the pipelines of diffusers take it.
   */
  private String expanded(String text) {
    Set<String> found = new LinkedHashSet<>(cut(text));
    found.retainAll(tokens.keySet());
    String result = text;
    for (String token : found) {
      StringBuilder all = new StringBuilder(token);
      for (int i = 1; tokens.containsKey(token + "_" + i); i++) {
        all.append(' ').append(token).append('_').append(i);
      }
      result = result.replace(token, all);
    }
    return result;
  }

  private List<String> cut(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < text.length(); at++) {
      String token = tokenAt(text, at);
      if (!token.isEmpty()) {
        if (from < at) {
          parts.add(text.substring(from, at));
        }
        parts.add(token);
        from = at + token.length();
        at = from - 1;
      }
    }
    if (from < text.length()) {
      parts.add(text.substring(from));
    }
    return parts;
  }

  /** The longest added token that begins there; empty if there is none. */
  private String tokenAt(String text, int at) {
    for (String token : longestFirst) {
      if (text.startsWith(token, at)) {
        return token;
      }
    }
    return "";
  }

  /** What transformers does in place, neighbor by neighbor; a word next to a token may join it. */
  private void strip(List<String> parts) {
    for (int i = 0; i < parts.size(); i++) {
      AddedToken token = tokens.get(parts.get(i));
      if (token == null) {
        continue;
      }
      String left = i > 0 ? parts.get(i - 1) : "";
      String right = i + 1 < parts.size() ? parts.get(i + 1) : "";
      if (token.rstrip() && !right.isEmpty()) {
        parts.set(i + 1, stripStart(right));
      }
      if (token.lstrip() && !left.isEmpty()) {
        parts.set(i - 1, stripEnd(left));
      }
      if (token.singleWord() && !left.isEmpty() && !left.endsWith(" ")) {
        parts.set(i - 1, parts.get(i - 1) + token.content());
        parts.set(i, "");
      } else if (token.singleWord() && !right.isEmpty() && !right.startsWith(" ")) {
        parts.set(i + 1, token.content() + parts.get(i + 1));
        parts.set(i, "");
      }
    }
  }

  private static String stripStart(String text) {
    int at = 0;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return text.substring(at);
  }

  private static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** What Python strips; all of it in one UTF-16 unit. */
  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
