package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.checkpoint.CrossAttention;
import org.realera.closedform.Algebra;
import org.realera.closedform.Gram;
import org.realera.closedform.Projections;
import org.realera.config.EraseRecipe;
import org.realera.config.OceSettings;
import org.realera.tensor.Edits;
import org.realera.text.TextModel;

/**
 * OCE, orthogonal concept erasure: the values of each layer are turned, W* = R W, and nothing else.
 * R is the rotation nearest to
 *
 * <pre>
 *   M = -s_e G (I - G*) + W (s_g C_g + s_c sum p_j p_j^T + lambda I) W^T
 * </pre>
 *
 * <p>G and G* project on the spaces that the values of the concepts and of their guides span; C_g
 * is the mean of c c^T over the rows of real text that are not padding. A concept's row is that of
 * its last content token.
 */
public final class Oce implements Method {
  private static final String VALUES = ".to_v";

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    OceSettings k = recipe.settings(OceSettings.class);
    try (NDManager rows = scope.newSubManager()) {
      Given given = given(model, recipe, k, run, rows);
      List<String> modules =
          CrossAttention.projections(model.unetWeights()).stream()
              .filter(module -> module.endsWith(VALUES))
              .toList();
      try (StageTask stage = run.stage(Stage.CLOSED_FORM, modules.size())) {
        Projections w =
            Projections.of(
                modules,
                model.unetWeights(),
                (module, wOrg, inner) -> {
                  stage.step(modules.indexOf(module));
                  return k.eraseScale() == 0 ? wOrg : turn(module, wOrg, given, k, inner);
                },
                scope);
        ClosedFormStage.end(stage, "one rotation each", Map.of(), w);
        return new Edits(w.tensors(), 1);
      }
    }
  }

  /**
   * What all layers share.
   *
   * @param concepts c_i [n, d]
   * @param guides c*_i [n, d]
   * @param held s_g C_g + s_c sum p_j p_j^T + lambda I [d, d]
   */
  private record Given(NDArray concepts, NDArray guides, NDArray held) {}

  private static Given given(
      Model model, EraseRecipe recipe, OceSettings k, Run run, NDManager scope) {
    long d = model.textWidth();
    try (TextModel text = model.loadText();
        NDManager inner = scope.newSubManager();
        Gram held = new Gram(d)) {
      GuidedTexts.Encoded texts =
          GuidedTexts.encode(
              recipe, k.guide(), k.expandPrompts(), recipe.preserve(), text, run, inner);
      Texts t = texts.rows();
      if (k.priorScale() > 0) {
        Prior real =
            Prior.choose(recipe, recipe.templates(), k.priorPrompts(), text.tokenizer(), run);
        try (Gram prior = real.gram(text, d, run)) {
          held.add(prior, k.priorScale() / prior.rows()); //                      s_g C_g
        }
      }
      for (String p : recipe.preserve()) {
        held.add(t.last(p), k.preserveScale()); //                                s_c p_j p_j^T
      }
      NDArray all = Algebra.identity(d, scope).mul(k.lamb()).add(held.matrix());
      return new Given(
          wide(texts.pairs().stream().map(i -> t.last(i.concept())).toList(), scope),
          wide(texts.pairs().stream().map(i -> t.last(i.guide())).toList(), scope),
          all);
    }
  }

  /**
   * One layer.
   *
   * @param module its name, for messages
   * @param wOrg [out, d] fp32
   * @return W* = R W, [out, d] float64, owned by {@code inner}
   * @throws RealeraException (usage) if the concepts leave nothing that could be held
   */
  private static NDArray turn(
      String module, NDArray wOrg, Given given, OceSettings k, NDManager inner) {
    NDArray w = wOrg.toType(DataType.FLOAT64, true);
    NDArray g = Algebra.span(w.matMul(given.concepts().transpose()), inner); //     G = E E^T
    requireRoom(module, g, w, given);
    NDArray gStar = Algebra.span(w.matMul(given.guides().transpose()), inner); //   G*
    NDArray away = Algebra.identity(w.getShape().get(0), inner).sub(gStar);
    NDArray m =
        g.matMul(away)
            .mul(-k.eraseScale())
            .add(w.matMul(given.held()).matMul(w.transpose())); //                  M
    return Algebra.rotation(m, w, "Raise lamb.", inner).matMul(w); //               W* = R W
  }

  /** Concepts whose values span all of a layer's would turn every other concept, too. */
  private static void requireRoom(String module, NDArray g, NDArray w, Given given) {
    long room = Math.min(w.getShape().get(0), w.getShape().get(1));
    if (Math.round(g.square().sum().getDouble()) >= room) { // a projector's dimensions
      throw RealeraException.usage(
          String.format(
              Locale.ROOT,
              "the concepts' %d texts fill all %d dimensions of %s: nothing else could be held",
              given.concepts().getShape().get(0),
              room,
              module),
          "Erase fewer concepts at a time, or take fewer expand_prompts.");
    }
  }

  /** Rows in float64, [n, d], owned by {@code scope}. */
  private static NDArray wide(List<NDArray> rows, NDManager scope) {
    NDArray all = NDArrays.concat(new NDList(rows), 0).toType(DataType.FLOAT64, true);
    all.attach(scope);
    return all;
  }

  @Override
  public boolean isClosedForm(EraseRecipe recipe) {
    return true;
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    OceSettings k = recipe.settings(OceSettings.class);
    return List.of(
        "encode " + GuidedTexts.count(recipe, k.expandPrompts()),
        "hold "
            + (k.priorScale() > 0 ? "up to " + k.priorPrompts() + " texts of the prior and " : "")
            + recipe.preserve().size()
            + " preserved",
        "turn the values of each layer");
  }
}
