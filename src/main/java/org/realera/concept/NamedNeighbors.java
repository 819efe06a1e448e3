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
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.text.TextModel;

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
   * with its anchor in all. A word that the recipe names otherwise, to be erased, kept or drawn, is
   * left out; one that is near to two concepts goes with the first.
   *
   * @param concepts as embedded from the recipe
   * @param scope owns the rows; a manager of the CPU
   */
  public static List<Concept> of(
      List<Concept> concepts, EraseRecipe recipe, TextModel text, NDManager scope) {
    Map<String, Concept.Rows> rows = new LinkedHashMap<>();
    concepts.forEach(c -> rows.put(c.pair().concept(), c.rows().get(0)));
    Map<String, List<String>> words = words(rows, recipe.texts(), recipe, text);
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
   * @param others what the recipe names otherwise; left out, in whichever case
   * @return empty if the recipe names no neighbors
   */
  public static Map<String, List<String>> words(
      Map<String, Concept.Rows> concepts,
      Collection<String> others,
      EraseRecipe recipe,
      TextModel text) {
    int count = recipe.mining().enabled() ? recipe.mining().words() : 0;
    if (count == 0) {
      return Map.of();
    }
    Set<String> taken = new HashSet<>();
    others.forEach(t -> taken.add(t.toLowerCase(Locale.ROOT)));
    NearbyWords nearby = new NearbyWords(text);
    Map<String, List<String>> words = new LinkedHashMap<>();
    concepts.forEach(
        (concept, rows) ->
            words.put(
                concept,
                nearby
                    .find(concept, rows, recipe.templates().get(0), recipe.mining(), count)
                    .stream()
                    .map(NearbyWords.Word::text)
                    .filter(taken::add)
                    .toList()));
    return words;
  }
}
