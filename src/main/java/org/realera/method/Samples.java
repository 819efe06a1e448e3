package org.realera.method;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.realera.closedform.ClosedForm;
import org.realera.concept.Concept;
import org.realera.config.ClosedFormSettings.Sums;
import org.realera.config.EraseRecipe;

/** Tells the run what goes into RealEra's closed form, and counts it for the manifest. */
final class Samples {
  private final EraseRecipe recipe;
  private final StageTask stage;
  private long prompts;
  private long neighbors;
  private long neighborDraws;
  private long beyond;
  private long beyondDraws;

  /** The stage has begun, with as many steps as there are {@link #prompts(EraseRecipe)}. */
  Samples(EraseRecipe recipe, StageTask stage) {
    this.recipe = recipe;
    this.stage = stage;
  }

  /** How many there are in all. */
  static long prompts(EraseRecipe recipe) {
    return (long) recipe.concepts().size() * recipe.templates().size();
  }

  /**
   * Tells of words that are not erased along.
   *
   * @param words neighbors that a preserved text names
   */
  static void noteLeftOut(List<String> words, Run run) {
    List<String> sentences =
        words.stream()
            .map(word -> "the neighbor \"" + word + "\" is left out: a text in preserve names it")
            .toList();
    ManyAlike.note(sentences, "words").ifPresent(run::note);
  }

  /** Some neighbors were added. */
  void neighbors(NDArray some) {
    neighbors += some.getShape().get(0);
    stage.step(prompts);
  }

  void neighborsDrawn(long draws) {
    neighborDraws += draws;
  }

  /** Some points beyond were added. */
  void beyond(NDArray some) {
    beyond += some.getShape().get(0);
    stage.step(prompts);
  }

  void beyondDrawn(long draws) {
    beyondDraws += draws;
  }

  /** So many prompts are done. */
  void prompts(long done) {
    prompts = done;
    stage.step(done);
  }

  /**
   * All samples are in.
   *
   * @param words neighbors that have a name
   */
  void end(ClosedForm closedForm, List<Concept> words) {
    List<String> named = words.stream().map(word -> word.pair().concept()).toList();
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
    stage.result(figures);
    String fromVocabulary = named.isEmpty() ? "" : named.size() + " words of the vocabulary, ";
    String mined =
        (expected
                ? "neighbors on average, "
                : neighbors + " neighbors from " + neighborDraws + " draws, ")
            + fromVocabulary;
    String held =
        expected
            ? "points beyond on average"
            : beyond + " points beyond from " + beyondDraws + " draws";
    stage.end(
        (recipe.mining().enabled() ? mined : "no mining, ")
            + (recipe.beyond().enabled() ? held : "no points beyond"));
  }
}
