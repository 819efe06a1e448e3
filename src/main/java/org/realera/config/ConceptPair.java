package org.realera.config;

import java.util.Locale;
import org.realera.RealeraException;

/**
 * One concept to erase and what the model shall draw in its place.
 *
 * @param concept c, the words to erase, as they stand in a prompt
 * @param anchor c*, the words that take their place
 */
public record ConceptPair(String concept, String anchor) {
  public ConceptPair {
    concept = Check.text("concepts.concept", concept);
    anchor = Check.text("concepts.anchor", anchor);
    if (concept.toLowerCase(Locale.ROOT).equals(anchor.toLowerCase(Locale.ROOT))) {
      throw RealeraException.usage(
          "concepts.anchor is \"" + anchor + "\", the concept itself: that would erase nothing",
          "name something else as the anchor, e.g. \"sky\" for \"airplane\"");
    }
  }

  @Override
  public String toString() {
    return concept + " -> " + anchor;
  }
}
