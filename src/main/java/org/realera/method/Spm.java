package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.Guide;
import org.realera.config.SpmSettings;
import org.realera.config.Template;
import org.realera.diffusion.Membrane;
import org.realera.diffusion.NoisePredictor;
import org.realera.diffusion.SpmFile;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;
import org.realera.training.AdamW;
import org.realera.training.Gradients;
import org.realera.training.LoraAdapters;
import org.realera.training.Schedule;
import org.realera.training.Trainable;
import org.realera.training.Training;
import org.realera.training.TrainingSettings;

/**
 * SPM, "One-dimensional Adapter to Rule Them All" (Lyu et al., CVPR 2024): for each concept a
 * membrane m, adapters of rank 1 on every linear layer and convolution of the transformers. It
 * learns to predict for the concept c what the frozen model predicts for c_0, pushed away from c,
 * and is held to the frozen model at random embeddings: latent anchoring. The numbers in the margin
 * are the steps of src/docs/methods.md. The weights take all adapters at 1; beside them the
 * adapters are kept as they are, for facilitated transport: {@link
 * org.realera.diffusion.FacilitatedTransport}.
 */
public final class Spm implements Method {
  private static final double ALPHA = 1;

  private static final String NO_TRANSPORT =
      "SPM's facilitated transport weighs the adapters anew for each prompt that is drawn; merged"
          + " weights hold them at 1, so that other concepts change more than in the paper:"
          + " generate and eval draw with transport by --spm "
          + SpmFile.NAME
          + " and the original model";

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    SpmSettings k = recipe.settings(SpmSettings.class);
    List<List<Pair>> pairs;
    NDArray empty;
    try (TextModel text = model.loadText()) {
      empty = text.encodeTexts(List.of(""), scope).get(0);
      pairs = embed(recipe, k, text, run, scope);
    }
    run.note(NO_TRANSPORT);
    Map<String, NDArray> merged = Map.of();
    List<Double> losses = new ArrayList<>();
    List<Membrane> membranes = new ArrayList<>();
    try (StageTask stage = run.stage(Stage.TRAINING, (long) pairs.size() * k.steps())) {
      for (int i = 0; i < pairs.size(); i++) {
        LoraAdapters m =
            LoraAdapters.init(
                model.unetWeights().tensors(),
                module -> module.contains(".attentions."),
                k.rank(),
                ALPHA,
                LoraAdapters.Start.KAIMING,
                Noise.derive(recipe.seed(), "spm adapters", i));
        Lesson lesson = new Lesson(model, k, pairs.get(i), empty, recipe.seed(), i);
        Training training = Training.begin(run.state(), "spm-" + i, m, settings(k));
        training.run(stage, (long) i * k.steps(), lesson::step);
        losses.addAll(training.losses());
        membranes.add(
            new Membrane(
                List.of(recipe.concepts().get(i).concept()), m.scale(), m.values(), m.shapes()));
        merged =
            training.trained().merge(merged, model.unetWeights(), scope); //   W + sum_i B_i A_i
      }
      run.adapters(membranes);
      TrainingStage.end(
          stage,
          losses,
          Map.of(
              "adapters",
              SpmFile.NAME,
              "facilitated_transport",
              "not in the weights; --spm draws with it"),
          run);
    }
    return new Edits(merged, 1);
  }

  /**
   * What a step erases.
   *
   * @param c E of a prompt with the concept, [77, d] fp32 on the CPU
   * @param c0 E of what it is moved to, as {@code c}
   */
  private record Pair(NDArray c, NDArray c0) {}

  /** For each concept its prompts. */
  private static List<List<Pair>> embed(
      EraseRecipe recipe, SpmSettings k, TextModel text, Run run, NDManager scope) {
    List<List<Pair>> all = new ArrayList<>();
    try (StageTask stage = run.stage(Stage.TEXT, recipe.concepts().size())) {
      Embedding.checkWords(recipe, text, run);
      List<String> templates = recipe.bare(k.barePrompts()).templates();
      for (ConceptPair pair : recipe.concepts()) {
        List<Pair> pairs = new ArrayList<>();
        for (String template : templates) {
          String guide = k.guide() == Guide.EMPTY ? "" : Template.fill(template, pair.anchor());
          NDArray both =
              text.encodeTexts(List.of(Template.fill(template, pair.concept()), guide), scope);
          pairs.add(new Pair(both.get(0), both.get(1)));
        }
        all.add(pairs);
        stage.step(all.size());
      }
      stage.end(PlanWords.count((long) all.size() * templates.size(), "prompt"));
    }
    return all;
  }

  private static TrainingSettings settings(SpmSettings k) {
    return new TrainingSettings(
        "the training",
        "Lower learning_rate or anchor_strength, or use --dtype fp32.",
        AdamW.Settings.of(k.learningRate(), k.weightDecay()),
        Schedule.cosineWithRestarts(k.warmupSteps(), k.steps(), k.cycles()),
        0,
        k.steps(),
        k.checkpointEvery());
  }

  /** What a step learns from; borrows all. */
  private static final class Lesson {
    private final SpmSettings k;
    private final List<Pair> pairs;
    private final NDArray empty;
    private final long seed;
    private final String purpose;
    private final GuidedWalk sampler;
    private final DenoisingLoss loss;
    private final Device device;

    Lesson(Model model, SpmSettings k, List<Pair> pairs, NDArray empty, long seed, int concept) {
      this.k = k;
      this.pairs = pairs;
      this.empty = empty;
      this.seed = seed;
      this.purpose = "spm " + concept;
      this.sampler = new GuidedWalk(model, k.samplerSteps(), k.startGuidance());
      this.loss = new DenoisingLoss(model, false);
      this.device = model.compute().device();
    }

    /** Loss and slope of step i, from 1. */
    Gradients step(int i, Trainable m) {
      Gradients sum = new Gradients();
      try (NDManager scope = NDManager.newBaseManager(Device.cpu());
          NDManager there = NDManager.newBaseManager(device)) {
        Edits adapted = m.edits(Edits.NONE, there);
        Collection<String> trained = m.parameters().keySet();
        Noise noise = new Noise(Noise.derive(seed, purpose, i));
        Pair pair = pairs.get((int) noise.integer(pairs.size())); //                         1
        long[] grid = sampler.timesteps();
        int steps = 1 + (int) noise.integer(grid.length - 1L);
        long t = k.paperSampler() ? toldByScript(steps, grid.length) : grid[steps];
        NDArray z = sampler.start(noise, scope);
        z = sampler.walk(z, Arrays.copyOf(grid, steps), empty, pair.c(), adapted, scope); // 2
        List<NoisePredictor.Point> points = new ArrayList<>();
        points.add(new NoisePredictor.Point(z, t, pair.c()));
        if (k.anchorStrength() > 0) {
          for (NDArray anchor : anchors(pair.c(), noise, scope)) { //                        3
            points.add(new NoisePredictor.Point(z, t, anchor));
          }
        }
        // All at once, as the adapted model takes them: lambda would make much of other rounding.
        List<NDArray> e = loss.predict(points, Edits.NONE, scope); //                        4, 6
        NDArray e0 =
            loss.predict(List.of(new NoisePredictor.Point(z, t, pair.c0())), Edits.NONE, scope)
                .get(0);
        // e_0 - eta (e_c - e_0)
        NDArray target = e0.sub(e.get(0).sub(e0).mul((float) k.eraseGuidance())); //         5
        List<DenoisingLoss.Term> terms = new ArrayList<>();
        terms.add(new DenoisingLoss.Term(points.get(0), target, 1));
        for (int j = 1; j < points.size(); j++) {
          double weight = k.anchorStrength() / (points.size() - 1);
          terms.add(new DenoisingLoss.Term(points.get(j), e.get(j), weight)); //             6
        }
        loss.add(terms, adapted, trained, sum); //                                           7
      }
      return sum;
    }

    /** What the U-Net is told after so many of n steps by the authors' script. */
    private long toldByScript(int steps, int n) {
      return sampler.levels() - 1 - (long) steps * sampler.levels() / n;
    }

    /** Embeddings that mean nothing: there the adapted model is to be as the frozen one. */
    private List<NDArray> anchors(NDArray c, Noise noise, NDManager scope) {
      List<NDArray> drawn = new ArrayList<>();
      for (int j = 0; j < k.anchors(); j++) {
        drawn.add(anchor(c, noise, scope));
      }
      if (!k.interleavedAnchors()) {
        return drawn;
      }
      // The script lines up '', e_1, '', e_2, ... and takes the second half for the prompts.
      List<NDArray> line = new ArrayList<>();
      for (NDArray one : drawn) {
        line.add(empty);
        line.add(one);
      }
      return line.subList(drawn.size(), line.size());
    }
  }

  /** u |c| n / |n| with n ~ N(0, I), u ~ U(0.8, 1.2); the nearer to c, the rather drawn anew. */
  static NDArray anchor(NDArray c, Noise noise, NDManager scope) {
    while (true) {
      NDArray n = noise.normal(scope, c.getShape());
      double length = length(n);
      double cos = n.mul(c).sum().getFloat() / (length * length(c));
      if (noise.uniform(0, 1) < 1 - cos) {
        return n.mul((float) (noise.uniform(0.8, 1.2) * length(c) / length));
      }
    }
  }

  private static double length(NDArray a) {
    return Math.sqrt(a.square().sum().getFloat());
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    SpmSettings k = recipe.settings(SpmSettings.class);
    long steps = (long) k.steps() * recipe.concepts().size();
    int anchors = k.anchorStrength() > 0 ? k.anchors() : 0;
    return List.of(
        "encode the concepts' prompts and "
            + (k.guide() == Guide.EMPTY
                ? "the empty one; the anchor has no part"
                : "their anchors'"),
        "train for each concept an adapter of rank "
            + k.rank()
            + " on every layer of the transformers: "
            + PlanWords.count(k.steps(), "step")
            + " of AdamW, learning rate "
            + k.learningRate(),
        "add all adapters to the weights, and keep them in " + SpmFile.NAME + "; " + NO_TRANSPORT,
        PlanWords.cost(steps * (k.samplerSteps() + 2L + anchors), steps * (1L + anchors)));
  }
}
