package org.realera.text;

import java.util.List;

/** Which words of a model's vocabulary count as words: whole tokens of three letters or more. */
public final class Vocabulary {
  /** CLIP's ids order words by frequency; past these they get rare, and odd. */
  private static final int FREQUENT = 20_000;

  private static final int SHORTEST = 3;

  private Vocabulary() {}

  /** All words, most frequent first. */
  public static List<String> words(ClipTokenizer tokenizer) {
    return tokenizer.words(SHORTEST);
  }

  /** The frequent ones, most frequent first. */
  public static List<String> frequent(ClipTokenizer tokenizer) {
    return words(tokenizer).stream().limit(FREQUENT).toList();
  }
}
