package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.Template;
import org.realera.text.TextModel;
import org.realera.text.WholeWords;

/** What SPEED retains: {@code preserve}, and bare words or captions of the prior. */
final class RetainedTexts {
  private RetainedTexts() {}

  /** The preserved texts that do not have a concept among their words, each once. */
  static List<String> named(EraseRecipe recipe, Run run) {
    WholeWords concept =
        WholeWords.any(recipe.concepts().stream().map(ConceptPair::concept).toList());
    Set<String> named = new LinkedHashSet<>();
    for (String text : recipe.preserve()) {
      if (concept.areIn(text)) {
        run.note("\"" + text + "\" is not retained, for it names a concept");
      } else {
        named.add(text);
      }
    }
    return List.copyOf(named);
  }

  /**
   * Their rows of the last content token; if there is no text, those of the empty one after the
   * start token.
   *
   * @param named as {@link #named} gives them
   * @param t has them and the empty text
   * @param scope owns the rows of the prior
   * @return [., d] each
   */
  static List<NDArray> rows(
      EraseRecipe recipe,
      int priorPrompts,
      List<String> named,
      Texts t,
      TextModel text,
      Run run,
      NDManager scope) {
    List<NDArray> rows = new ArrayList<>();
    named.forEach(one -> rows.add(t.last(one)));
    if (priorPrompts > 0) {
      Prior prior =
          Prior.choose(recipe, List.of(Template.SLOT), priorPrompts, text.tokenizer(), run)
              .butNot(named);
      if (!prior.chosen().isEmpty()) {
        long width = t.all("").getShape().get(1);
        rows.add(prior.lastRows(text, width, run, scope));
      }
    }
    return rows.isEmpty() ? List.of(t.afterStart("")) : rows;
  }
}
