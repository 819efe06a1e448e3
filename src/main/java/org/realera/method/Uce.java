package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Projections;
import org.realera.config.EraseRecipe;
import org.realera.config.UceSettings;
import org.realera.tensor.Edits;
import org.realera.text.TextModel;

/**
 * UCE, Unified Concept Editing (Gandikota et al.), as its script of 2025 computes eq. 7:
 *
 * <pre>
 *   W* = [s_e sum (W c*_i) c_i^T + s_p sum (W p_j) p_j^T + lambda W]
 *        [s_e sum c_i c_i^T      + s_p sum p_j p_j^T     + lambda I]^-1
 * </pre>
 *
 * <p>All targets are W times a row, so that W* = W T with one T for every layer, solved once. A row
 * c is that of a bare text's last content token.
 */
public final class Uce implements Method {

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    UceSettings k = recipe.settings(UceSettings.class);
    try (TextModel text = model.loadText();
        NDManager rows = scope.newSubManager();
        ClosedForm closedForm = new ClosedForm(model.textWidth())) {
      GuidedTexts.Encoded texts =
          GuidedTexts.encode(
              recipe, k.guide(), k.expandPrompts(), recipe.preserve(), text, run, rows);
      Texts t = texts.rows();

      try (StageTask stage = run.stage(Stage.CLOSED_FORM, 1)) {
        for (GuidedTexts.Pair i : texts.pairs()) {
          closedForm.map(t.last(i.concept()), t.last(i.guide()), k.eraseScale()); // c_i to c*_i
        }
        for (String p : recipe.preserve()) {
          closedForm.keep(t.last(p), k.preserveScale()); //                          p_j stays
        }
        NDArray solution = closedForm.solveWithRidge(k.lamb(), rows); //             T of eq. 7
        Projections w = Projections.of(solution, model.unetWeights(), scope);
        ClosedFormStage.oneSolve(stage, closedForm, w);
        return new Edits(w.tensors(), 1);
      }
    }
  }

  @Override
  public boolean isClosedForm(EraseRecipe recipe) {
    return true;
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    UceSettings k = recipe.settings(UceSettings.class);
    return List.of(
        "encode " + GuidedTexts.count(recipe, k.expandPrompts()),
        "solve UCE's eq. 7 once, holding the last token of "
            + recipe.preserve().size()
            + " preserved");
  }
}
