package org.realera.method;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.concept.Concept;
import org.realera.config.EraseRecipe;
import org.realera.text.Spelling;
import org.realera.text.TextModel;

/** Algorithm 1, line 1: from words to p, p*, e and e*. */
final class Embedding {
  private Embedding() {}

  /**
   * Checks the words and embeds the concepts.
   *
   * @param scope owns the rows; a manager of the CPU
   * @throws org.realera.RealeraException (usage) if the model was never taught a word, and as
   *     {@link Concept#embed}
   */
  static List<Concept> of(EraseRecipe recipe, TextModel text, Run run, NDManager scope) {
    run.begin(Stage.TEXT, 1);
    checkWords(recipe, text, run);
    List<Concept> concepts = Concept.embed(recipe.concepts(), recipe.templates(), text, scope);
    int prompts = concepts.size() * recipe.templates().size();
    run.end(
        Stage.TEXT,
        prompts
            + (prompts == 1 ? " prompt and its anchor's" : " prompts and as many of the anchors"));
    return concepts;
  }

  /**
   * Checks the words of a recipe, and asks after those that look misspelt.
   *
   * @throws org.realera.RealeraException (usage) if the model was never taught a word
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
  }
}
