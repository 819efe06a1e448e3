package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.realera.concept.Concept;
import org.realera.config.AlignmentSettings;
import org.realera.config.EraseRecipe;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.NoisePredictor;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.training.AdamW;
import org.realera.training.Gradients;
import org.realera.training.LoraAdapters;
import org.realera.training.Schedule;
import org.realera.training.Trainable;
import org.realera.training.Training;
import org.realera.training.TrainingSettings;

/**
 * Prediction noise alignment (eqs. 8-9, Algorithm 1 lines 25-31): trains LoRA adapters until the
 * edited U-Net predicts for the concept what the original predicts for the anchor. The two are one
 * network with and without edits.
 */
public final class NoiseAlignment {
  private final Model model;
  private final DenoisingLoss loss;
  private final Edits closedForm;
  private final LossTerms terms;
  private final EraseRecipe recipe;
  private final AlignmentSettings settings;

  /**
   * A trainer; borrows all that it is given.
   *
   * @param closedForm the closed form's projections, on the compute device
   * @param latents for each concept z_0 of its anchor's images, [n, 4, h, w] fp32 on the CPU
   */
  NoiseAlignment(
      Model model,
      Edits closedForm,
      List<Concept> concepts,
      List<NDArray> latents,
      EraseRecipe recipe) {
    this.model = model;
    this.loss = new DenoisingLoss(model, false);
    this.closedForm = closedForm;
    DdimScheduler scheduler = DdimScheduler.of(model.checkpoint().schedulerConfig());
    this.terms = new LossTerms(concepts, latents, scheduler, recipe);
    this.recipe = recipe;
    this.settings = recipe.alignment();
  }

  /** Line 26: fresh adapters with AdamW, or those of an interrupted run. */
  Training begin(Run run) {
    LoraAdapters fresh =
        LoraAdapters.init(
            model.unetWeights().tensors(),
            settings.targets(),
            settings.rank(),
            settings.alpha(),
            Noise.derive(recipe.seed(), "lora", 0));
    Training training =
        Training.begin(
            run.state(),
            "alignment",
            fresh,
            new TrainingSettings(
                "the alignment",
                "Lower alignment.learning_rate, set alignment.max_grad_norm, or use --dtype fp32.",
                AdamW.Settings.of(settings.learningRate(), settings.weightDecay()),
                Schedule.CONSTANT,
                settings.maxGradNorm(),
                settings.steps(),
                settings.checkpointEvery()));
    if (training.step() > 0) {
      run.note("going on after step " + training.step() + " of " + settings.steps());
    }
    return training;
  }

  /**
   * Lines 28-29: loss and gradients of eq. 8 (odd) or eq. 9 (even).
   *
   * @param step from 1
   * @param adapters as they are, on top of the closed form
   */
  Gradients gradients(int step, Trainable adapters) {
    Gradients sum = new Gradients();
    try (NDManager cpu = NDManager.newBaseManager(Device.cpu());
        NDManager there = NDManager.newBaseManager(model.compute().device())) {
      List<LossTerms.Term> drawn = terms.draw(step, cpu);
      List<NDArray> wanted =
          loss.predict(drawn.stream().map(t -> point(t, t.target())).toList(), Edits.NONE, cpu);
      List<DenoisingLoss.Term> compared = new ArrayList<>();
      for (int i = 0; i < drawn.size(); i++) {
        LossTerms.Term term = drawn.get(i);
        compared.add(
            new DenoisingLoss.Term(point(term, term.text()), wanted.get(i), term.weight()));
      }
      loss.add(compared, adapters.edits(closedForm, there), adapters.parameters().keySet(), sum);
    }
    return sum;
  }

  private static NoisePredictor.Point point(LossTerms.Term term, NDArray text) {
    return new NoisePredictor.Point(term.latents(), term.timestep(), text);
  }
}
