package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.checkpoint.CrossAttention;
import org.realera.closedform.Algebra;
import org.realera.closedform.Algebra.NullSpace;
import org.realera.closedform.Gram;
import org.realera.closedform.Projections;
import org.realera.config.EraseRecipe;
import org.realera.config.SpeedSettings;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;

/**
 * SPEED (Li et al.): the closed form on the null space of what is retained. For each layer, with A
 * = mean c_i c_i^T and B = mean c*_i c_i^T over the concepts,
 *
 * <pre>
 *   W* = W + W (B - A) P [I - M K (K^T P M K + lambda I)^-1 K^T P] M,   M = (A P + rho I)^-1
 * </pre>
 *
 * <p>P projects on the null space of the retained rows, K are rows of the empty text that have to
 * stay.
 */
public final class Speed implements Method {
  /**
   * Retained rows that are given neighbors at once; the filter's mean is theirs, as the script's.
   */
  private static final int BLOCK = 128;

  /** Centres that stand for the empty text's padding. */
  private static final int CENTRES = 3;

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    SpeedSettings k = recipe.settings(SpeedSettings.class);
    try (NDManager rows = scope.newSubManager()) {
      Given given = given(model, recipe, k, run, rows);
      List<String> modules = k.params().of(CrossAttention.projections(model.unetWeights()));
      try (StageTask stage = run.stage(Stage.CLOSED_FORM, modules.size())) {
        List<Long> free = new ArrayList<>();
        Projections w =
            Projections.of(
                modules,
                model.unetWeights(),
                (module, wOrg, inner) -> {
                  long seed = Noise.derive(recipe.seed(), "speed " + module + Edits.WEIGHT, 0);
                  NDArray edited = edit(wOrg, given, k, seed, free, inner);
                  stage.step(free.size());
                  return edited;
                },
                scope);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("retained_rows", given.retained().getShape().get(0));
        figures.put("free_dimensions", free);
        double mean = free.stream().mapToLong(Long::longValue).average().orElse(0);
        String how = String.format(Locale.ROOT, "%.0f of %d directions free", mean, given.width());
        ClosedFormStage.end(stage, how, figures, w);
        return new Edits(w.tensors(), 1);
      }
    }
  }

  /**
   * What all layers share.
   *
   * @param a A [d, d]
   * @param difference B - A [d, d]
   * @param influence (B - A) (I + A)^-1: times W the edit that would be made if nothing were
   *     retained
   * @param invariant K^T [4, d]
   * @param retained R [n, d]
   */
  record Given(
      NDArray a, NDArray difference, NDArray influence, NDArray invariant, NDArray retained) {
    long width() {
      return a.getShape().get(0);
    }
  }

  private static Given given(
      Model model, EraseRecipe recipe, SpeedSettings k, Run run, NDManager scope) {
    try (TextModel text = model.loadText();
        NDManager inner = scope.newSubManager()) {
      GuidedTexts texts;
      Texts t;
      List<String> named;
      try (StageTask stage = run.stage(Stage.TEXT, 1)) {
        texts = GuidedTexts.of(recipe, k.guide(), List.of(), text, run);
        named = RetainedTexts.named(recipe, run);
        List<String> more = new ArrayList<>(named);
        more.add("");
        t = Texts.encode(texts.with(more), text, inner);
        stage.end(t.size() + " texts");
      }

      List<NDArray> c = new ArrayList<>();
      List<NDArray> cStar = new ArrayList<>();
      for (GuidedTexts.Pair i : texts.pairs()) {
        c.add(k.allTokens() ? t.afterStart(i.concept()) : t.last(i.concept()));
        cStar.add(k.allTokens() ? t.afterStart(i.guide()) : t.last(i.guide()));
      }
      NDArray source = wide(c, scope);
      double n = texts.pairs().size();
      NDArray a = source.transpose().matMul(source).div(n); //                    A
      NDArray b = wide(cStar, scope).transpose().matMul(source).div(n); //        B
      NDArray identity = Algebra.identity(a.getShape().get(0), scope);
      NDArray influence =
          b.sub(a).matMul(Algebra.inverse(identity.add(a), "I + A", "Check the model.", scope));

      NDArray empty = wide(List.of(t.all("")), scope);
      NDArray centres = Algebra.kMeans(empty.get(new NDIndex("1:")), CENTRES, scope);
      NDArray invariant = NDArrays.concat(new NDList(empty.get(new NDIndex("0:1")), centres), 0);

      List<NDArray> retained =
          RetainedTexts.rows(recipe, k.priorPrompts(), named, t, text, run, inner);
      return new Given(a, b.sub(a), influence, invariant, wide(retained, scope));
    }
  }

  /**
   * One layer.
   *
   * @param wOrg W, [out, d] fp32
   * @param seed of the retained rows' noise
   * @param free gets the number of dimensions of the null space
   * @return W + Delta, [out, d] float64, owned by {@code inner}
   */
  private static NDArray edit(
      NDArray wOrg, Given g, SpeedSettings k, long seed, List<Long> free, NDManager inner) {
    NDArray w = wOrg.toType(DataType.FLOAT64, true);
    NDArray identity = Algebra.identity(g.width(), inner);
    NullSpace space = NullSpace.of(retained(w, g, k, seed, inner), k.threshold(), inner);
    NDArray p = space.projector(); //                                             P = U_0 U_0^T
    free.add(space.dimensions());
    String remedy = "Raise threshold, retain less, or raise lamb.";
    NDArray m =
        Algebra.inverse(
            own(g.a(), inner).matMul(p).add(identity.mul(k.retainScale())),
            "A P + rho I",
            "Raise retain_scale.",
            inner);
    NDArray kT = own(g.invariant(), inner); //                                    K^T
    NDArray kTp = kT.matMul(p);
    NDArray gives = Algebra.identity(kT.getShape().get(0), inner).mul(k.lamb());
    NDArray held =
        Algebra.inverse(
            kTp.matMul(m).matMul(kT.transpose()).add(gives), "K^T P M K + lambda I", remedy, inner);
    NDArray stays = m.matMul(kT.transpose()).matMul(held).matMul(kTp);
    NDArray delta = w.matMul(g.difference()).matMul(p).matMul(identity.sub(stays)).matMul(m);
    return w.add(delta); //                                                       W* = W + Delta
  }

  /**
   * The mean Gram matrix of what this layer has to retain.
   *
   * @param w W, [out, d] float64
   * @return [d, d] float64, owned by {@code inner}
   */
  static NDArray retained(NDArray w, Given g, SpeedSettings k, long seed, NDManager inner) {
    NDArray influence = w.matMul(g.influence()); //                               Delta_0
    NDArray rows = own(g.retained(), inner);
    if (k.augNum() > 0 && !k.disableFilter()) {
      NDArray filtered = Algebra.aboveMean(rows, influence, inner); //            prior filtering
      rows = filtered.isEmpty() ? rows : filtered; // one row is not above its own mean
    }
    try (Gram gram = new Gram(g.width())) {
      gram.add(rows, 1);
      if (k.augNum() > 0) {
        NDArray v = Algebra.leastDirection(w, inner);
        for (long from = 0; from < rows.getShape().get(0); from += BLOCK) {
          try (NDManager block = inner.newSubManager()) {
            long to = Math.min(from + BLOCK, rows.getShape().get(0));
            NDArray some = rows.get(block, new NDIndex("{}:{}", from, to));
            NDArray noise = noise(seed, from, to, k.augNum(), g.width(), block);
            NDArray near = Algebra.along(some, noise, v, block); //               c + n v v^T
            gram.add(Algebra.aboveMean(near, influence, block), 1);
          }
        }
      }
      return own(gram.matrix(), inner).div(gram.rows());
    }
  }

  /** Noise for rows {@code from} to {@code to}, [to - from, count, d]; each row has its stream. */
  private static NDArray noise(
      long seed, long from, long to, int count, long width, NDManager scope) {
    NDList rows = new NDList();
    for (long row = from; row < to; row++) {
      Noise noise = new Noise(Noise.derive(seed, "row", row));
      rows.add(noise.normal(scope, new Shape(count, width)));
    }
    return NDArrays.stack(rows);
  }

  /** Rows in float64, [n, d], owned by {@code scope}. */
  private static NDArray wide(List<NDArray> rows, NDManager scope) {
    NDArray all = NDArrays.concat(new NDList(rows), 0).toType(DataType.FLOAT64, true);
    all.attach(scope);
    return all;
  }

  private static NDArray own(NDArray array, NDManager scope) {
    NDArray copy = array.duplicate();
    copy.attach(scope);
    return copy;
  }

  @Override
  public boolean isClosedForm(EraseRecipe recipe) {
    return true;
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    SpeedSettings k = recipe.settings(SpeedSettings.class);
    String texts =
        k.priorPrompts() > 0 ? " and up to " + k.priorPrompts() + " texts of the prior" : "";
    return List.of(
        "encode " + GuidedTexts.count(recipe, List.of()),
        "retain " + recipe.preserve().size() + " preserved" + texts,
        "solve "
            + switch (k.params()) {
              case V -> "the values";
              case K -> "the keys";
              case KV -> "keys and values";
            }
            + " of each layer on the null space of what it retains");
  }
}
