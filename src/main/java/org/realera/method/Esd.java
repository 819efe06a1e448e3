package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.realera.concept.Concept;
import org.realera.config.EraseRecipe;
import org.realera.config.EsdSettings;
import org.realera.diffusion.NoisePredictor;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;
import org.realera.training.Gradients;
import org.realera.training.Trainable;
import org.realera.training.TrainingSettings;
import org.realera.training.WholeWeights;

/**
 * ESD, "Erasing Concepts from Diffusion Models" (Gandikota et al., ICCV 2023): the trained model
 * learns to predict for the concept what the frozen one predicts for no concept at all, pushed away
 * from the concept. ESD-x trains the cross-attention, ESD-u all else. The numbers in the margin are
 * the steps of src/docs/methods.md; the anchor has no part.
 */
public final class Esd implements Method {
  private final Predicate<String> trained;
  private final String what;

  private Esd(Predicate<String> trained, String what) {
    this.trained = trained;
    this.what = what;
  }

  /** ESD-x: q, k, v and out of the cross-attention. For what is called by name, as a style is. */
  public static Esd x() {
    return new Esd(WholeWeights.CROSS_ATTENTION, "the cross-attention");
  }

  /** ESD-u: all else but output layers and time embedding. For objects and nudity, in any words. */
  public static Esd u() {
    return new Esd(
        WholeWeights.NOT_CROSS_ATTENTION,
        "all but cross-attention, output layers and time embedding");
  }

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    EsdSettings settings = recipe.settings(EsdSettings.class);
    List<NDArray> prompts;
    NDArray empty;
    try (TextModel text = model.loadText()) {
      prompts =
          Embedding.of(recipe.bare(settings.barePrompts()), text, run, scope).stream()
              .flatMap(concept -> concept.rows().stream())
              .map(Concept.Rows::encoded)
              .toList();
      empty = text.encodeTexts(List.of(""), scope).get(0);
    }
    Lesson lesson = new Lesson(model, settings, prompts, empty, recipe.seed());
    return TrainingStage.whole( //                                                         theta
        model,
        trained,
        TrainingSettings.of( //                                                             Adam
            settings,
            settings.steps(),
            "Lower learning_rate or negative_guidance, or use --dtype fp32."),
        lesson::step,
        run,
        scope);
  }

  /** What a step learns from; borrows all. */
  private static final class Lesson {
    private final EsdSettings settings;
    private final List<NDArray> prompts;
    private final NDArray empty;
    private final long seed;
    private final GuidedWalk sampler;
    private final DenoisingLoss loss;
    private final Device device;

    Lesson(Model model, EsdSettings settings, List<NDArray> prompts, NDArray empty, long seed) {
      this.settings = settings;
      this.prompts = prompts;
      this.empty = empty;
      this.seed = seed;
      this.sampler = new GuidedWalk(model, settings.samplerSteps(), settings.startGuidance());
      this.loss = new DenoisingLoss(model, false);
      this.device = model.compute().device();
    }

    /** Loss and slope of step i, from 1. */
    Gradients step(int i, Trainable theta) {
      Gradients sum = new Gradients();
      try (NDManager scope = NDManager.newBaseManager(Device.cpu());
          NDManager there = NDManager.newBaseManager(device)) {
        Edits edits = theta.edits(Edits.NONE, there);
        Noise noise = new Noise(Noise.derive(seed, "esd", i));
        NDArray c = prompts.get((int) noise.integer(prompts.size())); //                     1
        Stop stop = stop(noise, sampler.timesteps(), sampler.levels(), settings.paperSampler());
        NDArray z = sampler.start(noise, scope);
        z = sampler.walk(z, stop.walked(), empty, c, edits, scope); //                       2
        NDArray[] e = sampler.pair(z, stop.t(), empty, c, Edits.NONE, scope); //             3
        // e_0 - eta (e_c - e_0)
        NDArray target = e[0].sub(e[1].sub(e[0]).mul((float) settings.negativeGuidance())); // 4
        NoisePredictor.Point point = new NoisePredictor.Point(z, stop.t(), c);
        loss.add(
            List.of(new DenoisingLoss.Term(point, target, 1)),
            edits,
            theta.parameters().keySet(),
            sum); //                                                                         5
      }
      return sum;
    }
  }

  /**
   * Where the walk ends.
   *
   * @param walked timesteps at which it steps
   * @param t what the U-Net is told afterwards
   */
  @SuppressWarnings("ArrayRecordComponent") // lives for one call only
  record Stop(long[] walked, long t) {}

  /**
   * Draws one of the sampler's timesteps: the walk ends where the noise has its level. The authors'
   * script leaves out the noisiest timestep, draws t between two, and walks on for another one or
   * two.
   *
   * @param grid the sampler's timesteps, noisiest first
   * @param levels that the model was trained on
   * @param paperSampler whether to do as the script
   */
  static Stop stop(Noise noise, long[] grid, int levels, boolean paperSampler) {
    int n = grid.length;
    int k = (int) noise.integer(n);
    if (!paperSampler) {
      return new Stop(Arrays.copyOf(grid, k), grid[k]);
    }
    long low = Math.round((double) k * levels / n);
    long high = Math.round((k + 1.0) * levels / n);
    return new Stop(
        Arrays.copyOfRange(grid, 1, k == 0 ? n : n - k + 1), low + noise.integer(high - low));
  }

  @Override
  public Predicate<String> trainedWhole(EraseRecipe recipe) {
    return trained;
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    EsdSettings settings = recipe.settings(EsdSettings.class);
    long passes = settings.steps() * (long) (settings.samplerSteps() - 1) + 2L * settings.steps();
    return List.of(
        "encode the concept's prompts and the empty one; the anchor has no part",
        "train "
            + what
            + ": "
            + PlanWords.count(settings.steps(), "step")
            + " of Adam, learning rate "
            + settings.learningRate(),
        PlanWords.cost(passes, settings.steps()));
  }
}
