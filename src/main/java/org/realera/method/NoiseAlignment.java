package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.realera.concept.Concept;
import org.realera.config.AlignmentSettings;
import org.realera.config.EraseRecipe;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.UNet;
import org.realera.tensor.Batches;
import org.realera.tensor.Compute;
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
  /** Latent positions that go through the U-Net at once on a CPU: one picture of 512 x 512. */
  private static final long CPU_POSITIONS = 64 * 64;

  /**
   * The file of saved steps in an interrupted run's state; its presence makes the state worth
   * keeping.
   */
  public static final String FILE = "alignment.safetensors";

  private final Model model;
  private final Compute compute;
  private final Batches fitting = new Batches("noised latents");
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
    this.compute = model.compute();
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
            run.state().resolve(FILE),
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
    try (NDManager cpu = NDManager.newBaseManager(Device.cpu())) {
      for (List<LossTerms.Term> batch : batches(terms.draw(step, cpu))) {
        fitting.run(batch, some -> add(some, adapters, sum));
      }
    }
    return sum;
  }

  /** Few enough terms at a time for a CPU's memory; a GPU takes all at once. */
  private List<List<LossTerms.Term>> batches(List<LossTerms.Term> terms) {
    var shape = terms.get(0).latents().getShape();
    long positions = shape.get(shape.dimension() - 2) * shape.get(shape.dimension() - 1);
    int size =
        compute.device().isGpu() ? terms.size() : (int) Math.max(1, CPU_POSITIONS / positions);
    List<List<LossTerms.Term>> out = new ArrayList<>();
    for (int i = 0; i < terms.size(); i += size) {
      out.add(terms.subList(i, Math.min(terms.size(), i + size)));
    }
    return out;
  }

  /** Adds the terms' loss and gradients. */
  private void add(List<LossTerms.Term> terms, Trainable adapters, Gradients sum) {
    try (NDManager scope = NDManager.newBaseManager(compute.device())) {
      NDArray latents = stack(terms.stream().map(LossTerms.Term::latents).toList(), scope);
      NDArray text = stack(terms.stream().map(LossTerms.Term::text).toList(), scope);
      NDArray targets = stack(terms.stream().map(LossTerms.Term::target).toList(), scope);
      NDArray timesteps =
          scope.create(floats(terms.stream().mapToDouble(LossTerms.Term::timestep).toArray()));
      NDArray wanted = model.unet().predict(scope, latents, timesteps, targets, Edits.NONE);
      double[] weights = terms.stream().mapToDouble(LossTerms.Term::weight).toArray();
      UNet.LossGradients found =
          model
              .unet()
              .noiseGradients(
                  scope,
                  new UNet.Input(latents, timesteps, text),
                  wanted,
                  weights,
                  adapters.edits(closedForm, scope),
                  adapters.parameters().keySet(),
                  false);
      sum.add(found.loss(), found.gradients());
    }
  }

  private static NDArray stack(List<NDArray> arrays, NDManager scope) {
    try (NDArray stacked = NDArrays.stack(new NDList(arrays))) {
      NDArray there = stacked.toDevice(scope.getDevice(), true);
      there.attach(scope);
      return there;
    }
  }

  private static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}
