package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Projections;
import org.realera.closedform.ResidueProbe;
import org.realera.config.EraseRecipe;
import org.realera.config.ReceSettings;
import org.realera.config.Uce2023Settings;
import org.realera.tensor.Edits;
import org.realera.text.TextModel;

/**
 * RECE (Gong et al.): UCE, then in turns the embedding that still reaches the concept, in closed
 * form, and UCE against that one. Every edit is a matrix on the right of W, so that all layers have
 * the same T and nothing is computed twice.
 */
public final class Rece implements Method {

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    ReceSettings k = recipe.settings(ReceSettings.class);
    try (TextModel text = model.loadText();
        NDManager rows = scope.newSubManager();
        ResidueProbe probe = new ResidueProbe(model.unetWeights(), model.textWidth())) {
      List<String> held = Uce2023.held(recipe);
      GuidedTexts.Encoded texts =
          GuidedTexts.encode(recipe, k.guide(), List.of(), held, text, run, rows);
      Texts e = texts.rows();

      try (StageTask stage = run.stage(Stage.CLOSED_FORM, 1 + k.epochs())) {
        Uce2023Settings uce = uce(k);
        NDArray t;
        try (ClosedForm closedForm = new ClosedForm(model.textWidth())) {
          Uce2023.add(closedForm, texts, held, uce);
          t = closedForm.solveWithRidge(uce.lamb(), rows); //                       W' = W T
        }
        List<Double> reach = new ArrayList<>();
        double condition = 1;
        for (int epoch = 1; epoch <= k.epochs() && k.eraseScale() > 0; epoch++) {
          stage.step(epoch);
          try (NDManager inner = scope.newSubManager();
              ClosedForm closedForm = new ClosedForm(model.textWidth())) {
            NDArray attack = probe.attack(t, k.regularScale(), inner); //           eq. 8
            double longest = 0;
            for (GuidedTexts.Pair i : texts.pairs()) {
              NDArray c = attack(e.all(i.concept()), attack, inner); //             c'
              longest = Math.max(longest, norm(c) / norm(e.all(i.concept())));
              closedForm.map(c, e.all(i.guide()), k.eraseScale()); //               c' to c*
            }
            reach.add(longest);
            for (String p : held) {
              closedForm.keep(e.all(p), k.preserveScale());
            }
            NDArray answer = closedForm.solveWithRidge(k.lamb(), inner); //         eq. 3 on W'
            condition = closedForm.condition();
            t = t.matMul(answer);
          }
        }
        Projections w = Projections.of(t, model.unetWeights(), scope);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("condition", condition);
        figures.put("attack_norms", reach);
        String how = "UCE and " + k.epochs() + (k.epochs() == 1 ? " attack" : " attacks");
        ClosedFormStage.end(
            stage, how + " (" + ClosedFormStage.condition(condition) + ")", figures, w);
        return new Edits(w.tensors(), 1);
      }
    }
  }

  /** What it begins with: published values; erase_scale 0 erases nothing. */
  private static Uce2023Settings uce(ReceSettings k) {
    return new Uce2023Settings(k.guide(), k.eraseScale() == 0 ? 0 : 1, 0, 0.5, List.of());
  }

  /**
   * Rows c' of rows c.
   *
   * @param c [n, d] fp32
   * @param attack [d, d] float64
   * @return [n, d] float64, owned by {@code scope}
   */
  private static NDArray attack(NDArray c, NDArray attack, NDManager scope) {
    NDArray wide = c.toType(attack.getDataType(), true);
    wide.attach(scope);
    return wide.matMul(attack);
  }

  private static double norm(NDArray rows) {
    try (NDArray norm = rows.norm()) {
      return norm.toArray()[0].doubleValue();
    }
  }

  @Override
  public boolean isClosedForm(EraseRecipe recipe) {
    return true;
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    ReceSettings k = recipe.settings(ReceSettings.class);
    return List.of(
        "encode " + GuidedTexts.count(recipe, List.of()),
        "solve UCE's eq. 7 once",
        "attack in closed form and solve again, "
            + (k.epochs() == 1 ? "once" : k.epochs() + " times"));
  }
}
