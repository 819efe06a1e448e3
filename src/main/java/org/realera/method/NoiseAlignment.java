package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.AlignmentSettings;
import org.realera.config.EraseRecipe;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.UNet;
import org.realera.tensor.Batches;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.training.AdamW;
import org.realera.training.LoraAdapters;
import org.realera.training.TrainingState;

/**
 * Prediction noise alignment (eqs. 8-9, Algorithm 1 lines 25-31): trains LoRA adapters until the
 * edited U-Net predicts for the concept what the original predicts for the anchor. The two are one
 * network with and without edits.
 */
public final class NoiseAlignment {
  /** Hears of steps, and may ask to stop between two. */
  public interface Observer {
    /**
     * A step is done.
     *
     * @param step from 1
     */
    void done(int step, double loss);

    /** Whether to save the state and stop. */
    boolean stop();
  }

  /** Latent positions that go through the U-Net at once on a CPU: one picture of 512 x 512. */
  private static final long CPU_POSITIONS = 64 * 64;

  private final UNet unet;
  private final Compute compute;
  private final Batches fitting = new Batches("noised latents");
  private final Edits closedForm;
  private final LossTerms sampler;
  private final AlignmentSettings settings;

  /**
   * A trainer; borrows all that it is given.
   *
   * @param closedForm the closed form's projections, on the compute device
   */
  public NoiseAlignment(
      UNet unet,
      Compute compute,
      DdimScheduler scheduler,
      Edits closedForm,
      List<AlignmentConcept> concepts,
      EraseRecipe recipe) {
    this.unet = unet;
    this.compute = compute;
    this.closedForm = closedForm;
    this.sampler = new LossTerms(concepts, scheduler, recipe);
    this.settings = recipe.alignment();
  }

  /** AdamW as the recipe wants it. */
  public static AdamW.Settings optimizer(AlignmentSettings settings) {
    return AdamW.Settings.of(settings.learningRate(), settings.weightDecay());
  }

  /**
   * Trains to the recipe's number of steps, saving the state every so often, at the end, and when
   * asked to stop.
   *
   * @param state where to begin; changed in place
   * @param checkpoint the file to save to
   * @return whether all steps are done
   * @throws RealeraException (failed) if the loss or a gradient is not finite; names the step
   */
  public boolean train(TrainingState state, Path checkpoint, Observer observer) {
    while (state.step() < settings.steps()) {
      if (observer.stop()) {
        state.save(checkpoint);
        return false;
      }
      int step = state.step() + 1;
      double loss = step(step, state);
      state.losses().add(loss);
      if (step % settings.checkpointEvery() == 0 || step == settings.steps()) {
        state.save(checkpoint);
      }
      observer.done(step, loss);
    }
    return true;
  }

  private double step(int step, TrainingState state) {
    try (NDManager cpu = NDManager.newBaseManager(ai.djl.Device.cpu())) {
      List<LossTerms.Term> terms = sampler.draw(step, cpu);
      Map<String, float[]> gradients = new TreeMap<>();
      double[] losses = {0};
      for (List<LossTerms.Term> batch : batches(terms)) {
        fitting.run(batch, some -> losses[0] += gradients(some, state.adapters(), gradients));
      }
      double loss = losses[0];
      double norm = AdamW.clip(gradients, settings.maxGradNorm());
      if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
        throw new RealeraException(
            Kind.FAILED,
            String.format(
                "the alignment diverged at step %d: loss %s, gradient norm %s", step, loss, norm),
            "lower alignment.learning_rate, set alignment.max_grad_norm, or use --dtype fp32");
      }
      state.optimizer().step(state.adapters().parameters(), gradients);
      return loss;
    }
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

  /** Adds the terms' gradients to {@code sum} and returns their loss. */
  private double gradients(
      List<LossTerms.Term> terms, LoraAdapters adapters, Map<String, float[]> sum) {
    try (NDManager scope = NDManager.newBaseManager(compute.device())) {
      NDArray latents = stack(terms.stream().map(LossTerms.Term::latents).toList(), scope);
      NDArray text = stack(terms.stream().map(LossTerms.Term::text).toList(), scope);
      NDArray targets = stack(terms.stream().map(LossTerms.Term::target).toList(), scope);
      NDArray timesteps =
          scope.create(floats(terms.stream().mapToDouble(LossTerms.Term::timestep).toArray()));
      NDArray wanted = unet.predict(scope, latents, timesteps, targets, Edits.NONE);
      double[] weights = terms.stream().mapToDouble(LossTerms.Term::weight).toArray();
      UNet.LossGradients result =
          unet.alignmentGradients(
              scope, latents, timesteps, text, wanted, weights, adapters.edits(closedForm, scope));
      result
          .gradients()
          .forEach((name, slope) -> sum.merge(name, slope.toFloatArray(), NoiseAlignment::add));
      return result.loss();
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

  /** Adds in place to the first. */
  private static float[] add(float[] sum, float[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
    return sum;
  }
}
