package org.realera.config;

import java.util.List;
import java.util.stream.Collectors;
import org.realera.RealeraException;
import org.realera.files.ModelText;

/**
 * One concept to erase and what the model shall draw in its place.
 *
 * @param concept c, the words to erase, as they stand in a prompt
 * @param anchor c*, the words that take their place
 */
public record ConceptPair(String concept, String anchor) {
  private static final int MOST_NAMED = 5;

  public ConceptPair {
    concept = Check.name("concepts.concept", concept);
    anchor = Check.name("concepts.anchor", anchor);
    if (isSame(concept, anchor)) {
      throw RealeraException.usage(
          "concepts.anchor is \"" + anchor + "\", the concept itself: that would erase nothing",
          "Name something else as the anchor, e.g. \"sky\" for \"airplane\"");
    }
  }

  /** Whether an anchor is the concept itself, in other letters or as the model reads it. */
  public static boolean isSame(String concept, String anchor) {
    return ModelText.isSame(concept, anchor);
  }

  /**
   * Refuses an anchor that is the concept itself where models are measured.
   *
   * @throws RealeraException (usage) naming the option
   */
  public static void requireOther(String concept, String anchor) {
    if (isSame(concept, anchor)) {
      throw RealeraException.usage(
          "the anchor is \"" + anchor + "\", the concept itself",
          "Name with --anchor what the concept was erased with.");
    }
  }

  /** Of many the first few, for headings and summaries: {@code a -> b, c -> d and 98 more}. */
  public static String inWords(List<ConceptPair> pairs) {
    int shown = pairs.size() > MOST_NAMED + 1 ? MOST_NAMED : pairs.size();
    String names =
        pairs.stream().limit(shown).map(ConceptPair::toString).collect(Collectors.joining(", "));
    int more = pairs.size() - shown;
    return more == 0 ? names : names + " and " + more + " more";
  }

  @Override
  public String toString() {
    return concept + " -> " + anchor;
  }
}
