package org.realera.method;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Projections;
import org.realera.concept.Concept;
import org.realera.config.ClosedFormSettings.Sums;
import org.realera.config.EraseRecipe;

/** Counts what went into the closed form, and tells the run. */
final class Samples {
  private final EraseRecipe recipe;
  private final Run run;
  private long index;
  private long neighbors;
  private long neighborDraws;
  private long beyond;
  private long beyondDraws;
  private List<String> named = List.of();

  Samples(EraseRecipe recipe, Run run) {
    this.recipe = recipe;
    this.run = run;
    run.begin(Stage.SAMPLES, (long) recipe.concepts().size() * recipe.templates().size());
  }

  /** Which prompt is at hand, from 0; each draws from streams of its own. */
  long index() {
    return index;
  }

  /** Some neighbors were added. */
  void neighbors(NDArray some) {
    neighbors += some.getShape().get(0);
    run.step(Stage.SAMPLES, index);
  }

  void neighborsDrawn(long draws) {
    neighborDraws += draws;
  }

  /** Some points beyond were added. */
  void beyond(NDArray some) {
    beyond += some.getShape().get(0);
    run.step(Stage.SAMPLES, index);
  }

  void beyondDrawn(long draws) {
    beyondDraws += draws;
  }

  /** A prompt is done. */
  void done(Concept.Rows prompt) {
    index++;
    run.step(Stage.SAMPLES, index);
  }

  /** Neighbors that have a name go to the anchor, as the concept does. */
  void named(List<Concept> words, ClosedForm into) {
    words.forEach(word -> word.rows().forEach(p -> into.map(p.e(), p.eStar())));
    named = words.stream().map(word -> word.pair().concept()).toList();
  }

  /** All samples are in. */
  void end(ClosedForm closedForm) {
    Map<String, Object> figures = new LinkedHashMap<>();
    boolean expected = recipe.closedForm().sums() == Sums.EXPECTED;
    if (!expected) {
      figures.put("neighbors", neighbors);
      figures.put("neighbor_draws", neighborDraws);
      figures.put("beyond", beyond);
      figures.put("beyond_draws", beyondDraws);
    }
    if (!named.isEmpty()) {
      figures.put("named_neighbors", named);
    }
    figures.put("erased_rows", closedForm.mappedRows());
    figures.put("kept_rows", closedForm.keptRows());
    run.result(Stage.SAMPLES, figures);
    String words = named.isEmpty() ? "" : named.size() + " words of the vocabulary, ";
    String mined =
        (expected
                ? "neighbors on average, "
                : neighbors + " neighbors from " + neighborDraws + " draws, ")
            + words;
    String held =
        expected
            ? "points beyond on average"
            : beyond + " points beyond from " + beyondDraws + " draws";
    run.end(
        Stage.SAMPLES,
        (recipe.mining().enabled() ? mined : "no mining, ")
            + (recipe.beyond().enabled() ? held : "no points beyond"));
  }

  /** The closed form is solved. */
  static void solved(ClosedForm closedForm, Projections w, Run run) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("condition", closedForm.condition());
    figures.put("mean_relative_change", w.meanChange());
    figures.put("relative_change", w.change());
    run.result(Stage.CLOSED_FORM, figures);
    run.end(
        Stage.CLOSED_FORM,
        String.format(
            Locale.ROOT,
            "one solve (condition %.1e), %d projections, changed by %.1f %% on average",
            closedForm.condition(),
            w.tensors().size(),
            100 * w.meanChange()));
  }
}
