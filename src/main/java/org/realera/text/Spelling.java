package org.realera.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.realera.RealeraException;
import org.realera.config.EditDistance;

/**
 * Catches a misspelt concept before it is erased for nothing. A byte-pair tokenizer takes any text;
 * but a word that splits into many short tokens was not in the model's training.
 */
public final class Spelling {
  /** Below this, a vocabulary is cut down to what its model was taught. */
  private static final int CUT_VOCABULARY = 20_000;

  /** Letters per token under which a word has fallen into crumbs. */
  private static final double CRUMBS = 2.5;

  private static final int SHORTEST = 3;

  private Spelling() {}

  /**
   * Rejects words that a model with a cut-down vocabulary can't know. With CLIP's own vocabulary
   * nothing is rejected: names are rare words too.
   *
   * @throws RealeraException (usage) with the nearest word that the model knows
   */
  public static void requireKnown(String concept, ClipTokenizer tokenizer) {
    Optional<String> crumbled = crumbled(concept, tokenizer);
    if (crumbled.isPresent()) {
      String word = crumbled.get();
      throw RealeraException.usage(
          String.format(
              "the model does not know the word \"%s\" of the concept \"%s\" (tokens: %s)",
              word, concept, tokenizer.show(tokenizer.ids(word))),
          nearest(word, tokenizer)
              .map(near -> "Did you mean \"" + near + "\"?")
              .orElse("Name a concept that the model can draw."));
    }
  }

  /** Whether {@link #requireKnown} lets a text pass. */
  public static boolean isKnown(String text, ClipTokenizer tokenizer) {
    return crumbled(text, tokenizer).isEmpty();
  }

  /** The first word that a model with a cut-down vocabulary can't know. */
  private static Optional<String> crumbled(String text, ClipTokenizer tokenizer) {
    if (tokenizer.size() >= CUT_VOCABULARY) {
      return Optional.empty();
    }
    return latinWords(tokenizer.withoutAdded(text)).stream()
        .filter(
            word -> {
              int tokens = tokenizer.ids(word).size();
              return tokens > 1 && word.length() < CRUMBS * tokens;
            })
        .findFirst();
  }

  /**
   * A better spelling for a word that is not a token of its own but one letter away from one; for a
   * warning, since it may well be a name.
   */
  public static Optional<String> suggestion(String concept, ClipTokenizer tokenizer) {
    for (String word : latinWords(tokenizer.withoutAdded(concept))) {
      if (word.length() >= 5 && !tokenizer.isWord(word)) {
        Optional<String> near =
            nearest(word, tokenizer).filter(w -> EditDistance.between(word, w) == 1);
        if (near.isPresent()) {
          return near;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> nearest(String word, ClipTokenizer tokenizer) {
    return Optional.ofNullable(EditDistance.nearest(word, tokenizer.words(SHORTEST)));
  }

  private static List<String> latinWords(String concept) {
    List<String> words = new ArrayList<>();
    for (String word : concept.toLowerCase(Locale.ROOT).split("[^a-z]+", -1)) {
      if (word.length() >= SHORTEST) {
        words.add(word);
      }
    }
    return words;
  }
}
