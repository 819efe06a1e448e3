package org.realera.concept;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.text.TextModel;
import org.realera.text.WholeWords;

/**
 * Neighbors that have a name (ours, not the paper's): words of the model's own vocabulary whose
 * rows pass the test that drawn neighbors pass, S2 <= cos(e, e') <= S1. A drawn neighbor lies in a
 * direction of no meaning, so that many of them press on all directions alike; a word lies where
 * the concept's kinds and synonyms do.
 */
public final class NamedNeighbors {
  private NamedNeighbors() {}

  /**
   * Finds the nearest {@code mining.words} of each concept, by the first template, and embeds them
   * with its anchor in all. A word that the recipe names otherwise, to be erased or drawn, is left
   * out, and so is one that a preserved text has in it, in the singular or a plural; one that is
   * near to two concepts goes with the first.
   *
   * @param concepts as embedded from the recipe
   * @param scope owns the rows; a manager of the CPU
   * @param held is told, once, each word that is left out for a preserved text which is not just
   *     that word
   */
  public static List<Concept> of(
      List<Concept> concepts,
      EraseRecipe recipe,
      TextModel text,
      NDManager scope,
      Consumer<String> held) {
    Map<String, Concept.Rows> rows = new LinkedHashMap<>();
    concepts.forEach(c -> rows.put(c.pair().concept(), c.rows().get(0)));
    Map<String, List<String>> words = words(rows, recipe.texts(), recipe, text, held);
    List<ConceptPair> pairs = new ArrayList<>();
    for (Concept concept : concepts) {
      words
          .getOrDefault(concept.pair().concept(), List.of())
          .forEach(word -> pairs.add(new ConceptPair(word, concept.pair().anchor())));
    }
    return Concept.embed(pairs, recipe.templates(), text, scope);
  }

  /**
   * The words alone, of each concept the nearest first.
   *
   * @param concepts by name, in order, with their rows by the recipe's first template
   * @param others what is named otherwise; left out, in whichever case
   * @param held as of {@link #of}
   * @return empty if the recipe names no neighbors
   */
  public static Map<String, List<String>> words(
      Map<String, Concept.Rows> concepts,
      Collection<String> others,
      EraseRecipe recipe,
      TextModel text,
      Consumer<String> held) {
    int count = recipe.mining().enabled() ? recipe.mining().words() : 0;
    if (count == 0) {
      return Map.of();
    }
    Set<String> taken = new HashSet<>();
    others.forEach(t -> taken.add(t.toLowerCase(Locale.ROOT)));
    Predicate<String> isPreserved = isIn(recipe.preserve());
    NearbyWords nearby = new NearbyWords(text);
    Map<String, List<String>> words = new LinkedHashMap<>();
    concepts.forEach(
        (concept, rows) -> {
          List<String> own = new ArrayList<>();
          for (NearbyWords.Word near :
              nearby.find(concept, rows, recipe.templates().get(0), recipe.mining(), count)) {
            String word = near.text();
            if (taken.add(word)) {
              if (isPreserved.test(word)) {
                held.accept(word);
              } else {
                own.add(word);
              }
            }
          }
          words.put(concept, List.copyOf(own));
        });
    return words;
  }

  /** Whether texts name a word or a word names one of them, either in the singular or a plural. */
  private static Predicate<String> isIn(List<String> texts) {
    if (texts.isEmpty()) {
      return word -> false;
    }
    WholeWords any = WholeWords.anyOrPlural(texts);
    // In one piece, for there may be a thousand texts: no word reaches over a comma.
    String all = String.join(", ", texts);
    return word -> any.areIn(word) || WholeWords.anyOrPlural(List.of(word)).areIn(all);
  }
}
