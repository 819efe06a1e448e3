package org.realera.method;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.realera.concept.Concept;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.Guide;
import org.realera.config.Template;
import org.realera.text.TextModel;

/**
 * Texts to move and where to, as the closed forms of the field have them: c_i and its guide c*_i,
 * bare words and expanded ones.
 *
 * @param pairs c_i and c*_i
 */
record GuidedTexts(List<Pair> pairs) {

  /** A text and the one in whose place it goes. */
  record Pair(String concept, String guide) {}

  /**
   * The recipe's.
   *
   * @param expandPrompts templates that both go through beside standing alone
   * @throws org.realera.RealeraException (usage) if the model was never taught a word, or a concept
   *     has its anchor's tokens
   */
  static GuidedTexts of(
      EraseRecipe recipe, Guide guide, List<String> expandPrompts, TextModel text, Run run) {
    Embedding.checkWords(recipe, text, run);
    List<String> templates = new ArrayList<>(List.of(Template.SLOT));
    templates.addAll(expandPrompts);
    List<Pair> pairs = new ArrayList<>();
    for (ConceptPair pair : recipe.concepts()) {
      Concept.requireOther(pair, text.tokenizer());
      for (String template : new LinkedHashSet<>(templates)) {
        pairs.add(
            new Pair(
                Template.fill(template, pair.concept()), Template.fill(template, guide.of(pair))));
      }
    }
    return new GuidedTexts(List.copyOf(pairs));
  }

  /**
   * Texts with their embeddings.
   *
   * @param rows of the pairs' texts and of more
   */
  record Encoded(List<Pair> pairs, Texts rows) {}

  /**
   * The recipe's, encoded: the stage of the text.
   *
   * @param more texts to encode along with them
   * @param scope owns the rows
   * @throws org.realera.RealeraException as {@link #of} and {@link Texts#encode}
   */
  static Encoded encode(
      EraseRecipe recipe,
      Guide guide,
      List<String> expandPrompts,
      List<String> more,
      TextModel text,
      Run run,
      NDManager scope) {
    try (StageTask stage = run.stage(Stage.TEXT, 1)) {
      GuidedTexts texts = of(recipe, guide, expandPrompts, text, run);
      Texts rows = Texts.encode(texts.with(more), text, scope);
      stage.end(rows.size() + " texts");
      return new Encoded(texts.pairs(), rows);
    }
  }

  /** All of them and some more, each once. */
  Set<String> with(Collection<String> more) {
    Set<String> all = new LinkedHashSet<>();
    pairs.forEach(pair -> all.addAll(List.of(pair.concept(), pair.guide())));
    all.addAll(more);
    return all;
  }

  /** In words, for a plan. */
  static String count(EraseRecipe recipe, List<String> expandPrompts) {
    int texts = recipe.concepts().size() * (1 + expandPrompts.size());
    return texts + (texts == 1 ? " text and its guide" : " texts and their guides");
  }
}
