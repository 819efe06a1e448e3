package org.realera.method;

import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.concept.Concept;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.text.ClipTokenizer;
import org.realera.text.Spelling;
import org.realera.text.TextModel;

/** Algorithm 1, line 1: from words to p, p*, e and e*. */
final class Embedding {
  private Embedding() {}

  /**
   * Checks the words and embeds the concepts.
   *
   * @param scope owns the rows; a manager of the CPU
   * @throws RealeraException (usage) if the model was never taught a word, and as {@link
   *     Concept#embed}
   */
  static List<Concept> of(EraseRecipe recipe, TextModel text, Run run, NDManager scope) {
    try (StageTask stage = run.stage(Stage.TEXT, 1)) {
      checkWords(recipe, text, run);
      List<Concept> concepts = Concept.embed(recipe.concepts(), recipe.templates(), text, scope);
      int prompts = concepts.size() * recipe.templates().size();
      stage.end(
          prompts
              + (prompts == 1
                  ? " prompt and its anchor's"
                  : " prompts and as many of the anchors"));
      return concepts;
    }
  }

  /**
   * Checks the words of a recipe, asks after those that look misspelt, and tells of odd anchors and
   * of texts that may be meant as lists.
   *
   * @throws RealeraException (usage) if the model was never taught a word, if a concept has the
   *     tokens of its anchor, of another concept or of a text to preserve, or two of these have the
   *     same
   */
  static void checkWords(EraseRecipe recipe, TextModel text, Run run) {
    for (String words : recipe.texts()) {
      // A word that the model was never taught would be erased for nothing.
      Spelling.requireKnown(words, text.tokenizer());
      Spelling.suggestion(words, text.tokenizer())
          .ifPresent(
              near ->
                  run.note(
                      "\"" + words + "\" is taken as it stands; did you mean \"" + near + "\"?"));
    }
    checkTokens(recipe, text.tokenizer());
    AnchorNotes.of(recipe, text.tokenizer()).forEach(run::note);
    PhraseNotes.of(recipe).forEach(run::note);
  }

  /**
   * What differs in letters may be one to the model: blanks of every kind, case, accents written in
   * two ways. Such a concept would count twice, or be erased and held at once; such a text to
   * preserve would be held twice.
   */
  private static void checkTokens(EraseRecipe recipe, ClipTokenizer tokenizer) {
    Map<List<Long>, String> erased = new HashMap<>();
    for (ConceptPair pair : recipe.concepts()) {
      Concept.requireOther(pair, tokenizer);
      String same = erased.put(tokenizer.ids(pair.concept()), pair.concept());
      if (same != null) {
        throw RealeraException.usage(
            "the concept \"%s\" has the tokens of the concept \"%s\""
                .formatted(pair.concept(), same),
            "Name each concept once.");
      }
    }
    Map<List<Long>, String> preserved = new HashMap<>();
    for (String kept : recipe.preserve()) {
      List<Long> ids = tokenizer.ids(kept);
      String same = erased.get(ids);
      if (same != null) {
        throw RealeraException.usage(
            "preserve has \"%s\", which has the tokens of the concept \"%s\"".formatted(kept, same),
            "Take it out of one of the two.");
      }
      String before = preserved.put(ids, kept);
      if (before != null) {
        throw RealeraException.usage(
            "preserve has \"%s\", which has the tokens of \"%s\", also in preserve"
                .formatted(kept, before),
            "Name each text once: it would be held twice as much as the others.");
      }
    }
  }
}
