package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Projections;
import org.realera.config.EraseRecipe;
import org.realera.config.Uce2023Settings;
import org.realera.tensor.Edits;
import org.realera.text.ClipTokenizer;
import org.realera.text.TextModel;

/**
 * UCE as its first script computes eq. 7, the one that made the paper's figures. The equation is
 * {@link Uce}'s, the rows are not: of a concept all from its last content token to the end, paired
 * in order with those of the guide; of what is held, the empty text always among it, all 77.
 */
public final class Uce2023 implements Method {

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    Uce2023Settings k = recipe.settings(Uce2023Settings.class);
    try (TextModel text = model.loadText();
        NDManager rows = scope.newSubManager();
        ClosedForm closedForm = new ClosedForm(model.textWidth())) {
      List<String> held = held(recipe);
      GuidedTexts.Encoded texts =
          GuidedTexts.encode(recipe, k.guide(), k.expandPrompts(), held, text, run, rows);

      try (StageTask stage = run.stage(Stage.CLOSED_FORM, 1)) {
        add(closedForm, texts, held, k);
        NDArray solution = closedForm.solveWithRidge(k.lamb(), rows); //  T of eq. 7
        Projections w = Projections.of(solution, model.unetWeights(), scope);
        ClosedFormStage.oneSolve(stage, closedForm, w);
        return new Edits(w.tensors(), 1);
      }
    }
  }

  /** The empty text, then what the recipe preserves. */
  static List<String> held(EraseRecipe recipe) {
    List<String> held = new ArrayList<>(List.of(""));
    held.addAll(recipe.preserve());
    return held;
  }

  /** The rows of eq. 7. */
  static void add(
      ClosedForm into, GuidedTexts.Encoded texts, List<String> held, Uce2023Settings k) {
    Texts t = texts.rows();
    for (GuidedTexts.Pair i : texts.pairs()) {
      int last = Math.max(t.lastOf(i.concept()), t.lastOf(i.guide()));
      int rows = ClipTokenizer.SEQUENCE_LENGTH - last; // as many as the longer of the two leaves
      into.map(t.fromLast(i.concept(), rows), t.fromLast(i.guide(), rows), k.eraseScale());
    }
    for (String p : held) {
      into.keep(t.all(p), k.preserveScale(held.size()));
    }
  }

  @Override
  public boolean isClosedForm(EraseRecipe recipe) {
    return true;
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    Uce2023Settings k = recipe.settings(Uce2023Settings.class);
    return List.of(
        "encode " + GuidedTexts.count(recipe, k.expandPrompts()),
        "solve UCE's eq. 7 once, holding every row of the empty text and "
            + recipe.preserve().size()
            + " preserved");
  }
}
