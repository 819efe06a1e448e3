package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.realera.checkpoint.CrossAttention;
import org.realera.closedform.Average;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Projections;
import org.realera.concept.BeyondConcept;
import org.realera.concept.Concept;
import org.realera.concept.NamedNeighbors;
import org.realera.concept.Neighbors;
import org.realera.config.AlignmentSettings;
import org.realera.config.ClosedFormSettings.Sums;
import org.realera.config.EraseRecipe;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;
import org.realera.training.Training;

/**
 * RealEra (Liu et al.), Algorithm 1. The numbers in the margin are the paper's lines; {@code p} is
 * one filled prompt template, of which each concept has several.
 */
public final class RealEra implements Method {

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    List<Concept> concepts;
    Projections w;
    try (TextModel text = model.loadText()) {
      concepts = Embedding.of(recipe, text, run, scope); //                                  1
      List<String> leftOut = new ArrayList<>();
      List<Concept> named = //                                                            ours
          NamedNeighbors.of(concepts, recipe, text, scope, leftOut::add);
      Samples.noteLeftOut(leftOut, run);
      try (ClosedForm closedForm = new ClosedForm(model.textWidth())) {
        Held.prior(closedForm, concepts, named, recipe, text, run); //                    ours
        try (StageTask stage = run.stage(Stage.SAMPLES, Samples.prompts(recipe))) {
          Samples told = new Samples(recipe, stage);
          int i = 0; // of p: each prompt draws from streams of its own
          for (Concept c : concepts) { //                                                    2
            for (Concept.Rows p : c.rows()) {
              closedForm.map(p.e(), p.eStar()); //                       E = {e}, E* = {e*}  1
              mine(p, i, recipe, closedForm, told); //                                    4-12
              hold(p, i, recipe, closedForm, told); //                                   13-22
              told.prompts(++i);
            }
          } //                                                                              23
          for (Concept word : named) { //                                                 ours
            word.rows().forEach(p -> closedForm.map(p.e(), p.eStar()));
          }
          Held.prefixes(closedForm, concepts, recipe); //                                 ours
          Held.preserved(closedForm, recipe, text); //                                    ours
          told.end(closedForm, named);
        }
        w = solve(closedForm, model, recipe, run, scope); //                                24
      }
    }
    return recipe.alignment().enabled()
        ? align(concepts, w, model, recipe, run, scope) //                               25-31
        : new Edits(w.tensors(), 1);
  }

  /** Lines 4-12: M neighbors e + eta go where the anchor's neighborhood goes. */
  private static void mine(
      Concept.Rows p, int i, EraseRecipe recipe, ClosedForm into, Samples told) {
    if (recipe.mining().enabled()) {
      Neighbors neighbors = new Neighbors(p, recipe.mining()); //                         5-10
      if (recipe.closedForm().sums() == Sums.EXPECTED) {
        Average.map(into, p, neighbors.moments(), recipe.mining().samples()); //          ours
        return;
      }
      Noise noise = new Noise(Noise.derive(recipe.seed(), "mining", i));
      told.neighborsDrawn(
          neighbors.mine(
              recipe.mining().samples(),
              noise,
              (e, eStar) -> {
                into.map(e, eStar); //                                                       9
                told.neighbors(e);
              }));
    }
  }

  /** Lines 13-22: N points beyond stay where they are. */
  private static void hold(
      Concept.Rows p, int i, EraseRecipe recipe, ClosedForm into, Samples told) {
    if (recipe.beyond().enabled()) {
      BeyondConcept beyond = new BeyondConcept(p, recipe.mining(), recipe.beyond()); //  14-19
      if (recipe.closedForm().sums() == Sums.EXPECTED) {
        double lambda1 = recipe.closedForm().lambda1();
        Average.keep(into, p, beyond.moments(), recipe.beyond().samples(), lambda1); //   ours
        return;
      }
      Noise noise = new Noise(Noise.derive(recipe.seed(), "beyond", i));
      told.beyondDrawn(
          beyond.sample(
              recipe.beyond().samples(),
              noise,
              e -> {
                into.keep(e, recipe.closedForm().lambda1()); //                             18
                told.beyond(e);
              }));
    }
  }

  /** Line 24: one T for all layers, then W = W_org T for each. */
  private static Projections solve(
      ClosedForm closedForm, Model model, EraseRecipe recipe, Run run, NDManager scope) {
    try (StageTask stage = run.stage(Stage.CLOSED_FORM, 1)) {
      NDArray t = closedForm.solve(recipe.closedForm().mu(), scope); //                  eq. 7
      List<String> layers =
          recipe.closedForm().params().of(CrossAttention.projections(model.unetWeights()));
      Projections w = Projections.of(t, layers, model.unetWeights(), scope);
      ClosedFormStage.oneSolve(stage, closedForm, w);
      return w;
    }
  }

  /** Lines 25-31: LoRA on top of W, trained until both U-Nets predict the same noise. */
  private static Edits align(
      List<Concept> concepts,
      Projections w,
      Model model,
      EraseRecipe recipe,
      Run run,
      NDManager scope) {
    AlignmentSettings settings = recipe.alignment();
    List<NDArray> latents =
        TrainingImages.draw(concepts, settings, model, recipe.seed(), run, scope);
    try (StageTask stage = run.stage(Stage.ALIGNMENT, settings.steps());
        NDManager device = NDManager.newBaseManager(model.compute().device())) {
      Edits edits = new Edits(w.tensors(), 1).on(model.compute().device(), device);
      NoiseAlignment alignment =
          new NoiseAlignment(model, edits, concepts, latents, recipe); //                   25
      Training training = alignment.begin(run); //                                          26
      training.run( //                                                                  27, 30
          stage, 0, (t, lora) -> alignment.gradients(t, lora)); //       eqs. 8-9,       28-29
      TrainingStage.end(stage, training.losses(), Map.of(), run);
      return new Edits(training.trained().merge(w.tensors(), model.unetWeights(), scope), 1); // 31
    }
  }

  @Override
  public boolean isClosedForm(EraseRecipe recipe) {
    return !recipe.alignment().enabled();
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    return RealEraPlan.of(recipe);
  }
}
