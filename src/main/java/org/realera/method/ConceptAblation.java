package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.realera.concept.Concept;
import org.realera.config.AcSettings;
import org.realera.config.EraseRecipe;
import org.realera.diffusion.NoisePredictor.Point;
import org.realera.method.DenoisingLoss.Term;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;
import org.realera.training.Gradients;
import org.realera.training.Trainable;
import org.realera.training.TrainingSettings;

/**
 * Concept ablation (Kumari et al., ICCV 2023): on noised images of the anchor, what is predicted
 * for the concept becomes what is predicted for the anchor. Symbols are the paper's: c* is the
 * concept that goes, c the anchor.
 */
public final class ConceptAblation implements Method {
  private static final List<String> ATTENTION = List.of(".to_q.", ".to_k.", ".to_v.", ".to_out.");

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    AcSettings settings = recipe.settings(AcSettings.class);
    List<Concept> pairs;
    try (TextModel text = model.loadText()) {
      pairs = Embedding.of(recipe, text, run, scope); //                               c*, c
    }
    List<NDArray> x = TrainingImages.draw(pairs, settings, model, recipe.seed(), run, scope); // x
    Lesson lesson = new Lesson(model, settings, pairs, x, recipe.seed());
    return TrainingStage.whole( //                                                        theta
        model,
        trainedWhole(recipe),
        TrainingSettings.of(
            settings, settings.steps(), "Lower learning_rate, or use --dtype fp32."),
        lesson::step,
        run,
        scope);
  }

  @Override
  public Predicate<String> trainedWhole(EraseRecipe recipe) {
    return switch (recipe.settings(AcSettings.class).parameterGroup()) {
      case CROSS_ATTN ->
          name -> name.endsWith(".attn2.to_k.weight") || name.endsWith(".attn2.to_v.weight");
      case ATTN -> name -> ATTENTION.stream().anyMatch(name::contains);
      case FULL_WEIGHT -> name -> true;
    };
  }

  /** What a step learns from; borrows all. */
  private static final class Lesson {
    private final AcSettings settings;
    private final List<Concept> pairs;
    private final List<NDArray> images;
    private final long seed;
    private final NoisedImages noised;
    private final DenoisingLoss loss;
    private final Device device;

    Lesson(Model model, AcSettings settings, List<Concept> pairs, List<NDArray> images, long seed) {
      this.settings = settings;
      this.pairs = pairs;
      this.images = images;
      this.seed = seed;
      this.noised = new NoisedImages(model);
      this.loss = new DenoisingLoss(model, true); // K and V of the start token are constants
      this.device = model.compute().device();
    }

    /** Loss and slope of a step, from 1. */
    Gradients step(int step, Trainable theta) {
      Gradients sum = new Gradients();
      try (NDManager scope = NDManager.newBaseManager(Device.cpu());
          NDManager there = NDManager.newBaseManager(device)) {
        Edits edits = theta.edits(Edits.NONE, there);
        Set<String> trained = theta.parameters().keySet();
        List<Term> noiseBased = new ArrayList<>();
        List<Point> anchors = new ArrayList<>();
        List<Term> prior = new ArrayList<>();
        for (int i = 0; i < settings.batch(); i++) {
          Noise noise = new Noise(Noise.derive(seed, "ac", (long) step * settings.batch() + i));
          AnchorImage p = draw(noise, scope);
          Term term = noised.noised(p.x(), p.row().encoded(), share(), noise, scope); //   c*
          noiseBased.add(term); //                                     |eps - eps(x_t, t, c*)|^2
          Point at = term.point();
          anchors.add(new Point(at.z(), at.t(), p.row().encodedAnchor())); //  c
          if (settings.priorWeight() > 0) {
            AnchorImage q = draw(noise, scope);
            double weight = share() * settings.priorWeight();
            prior.add(noised.noised(q.x(), q.row().encodedAnchor(), weight, noise, scope));
          }
        }
        List<Term> terms =
            settings.loss() == AcSettings.Loss.NOISE_BASED
                ? noiseBased
                : modelBased(noiseBased, anchors, edits, scope);
        loss.add(terms, edits, trained, sum);
        loss.add(prior, edits, trained, sum); //                        |eps - eps(x_t, t, c)|^2
      }
      return sum;
    }

    /** |eps(x_t, t, c*) - sg[eps(x_t, t, c)]|^2: the network as it is now is its own teacher. */
    private List<Term> modelBased(
        List<Term> terms, List<Point> anchors, Edits edits, NDManager scope) {
      List<NDArray> teacher = loss.predict(anchors, edits, scope);
      List<Term> wanted = new ArrayList<>();
      for (int i = 0; i < terms.size(); i++) {
        wanted.add(new Term(terms.get(i).point(), teacher.get(i), terms.get(i).weight()));
      }
      return wanted;
    }

    private double share() {
      return 1.0 / settings.batch();
    }

    /**
     * An image of an anchor.
     *
     * @param x z_0, [4, h, w]
     * @param row the prompt that it was drawn for, with the concept's
     */
    private record AnchorImage(NDArray x, Concept.Rows row) {}

    private AnchorImage draw(Noise noise, NDManager scope) {
      int pair = (int) noise.integer(pairs.size());
      long i = noise.integer(settings.images());
      NDArray x = images.get(pair).get(i);
      x.attach(scope);
      List<Concept.Rows> rows = pairs.get(pair).rows();
      return new AnchorImage(x, rows.get((int) (i % rows.size())));
    }
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    AcSettings settings = recipe.settings(AcSettings.class);
    long images = recipe.anchorCount() * settings.images();
    long seen = (long) settings.steps() * settings.batch();
    boolean teacher = settings.loss() == AcSettings.Loss.MODEL_BASED;
    return List.of(
        "draw " + PlanWords.count(images, "picture") + " of the anchor",
        "train "
            + switch (settings.parameterGroup()) {
              case CROSS_ATTN -> "keys and values of the cross-attention, ";
              case ATTN -> "every attention, ";
              case FULL_WEIGHT -> "all weights, ";
            }
            + (teacher ? "the model its own teacher" : "on the noise of these pictures")
            + ": "
            + PlanWords.count(settings.steps(), "step")
            + " of "
            + PlanWords.count(settings.batch(), "latent")
            + ", learning rate "
            + settings.learningRate(),
        PlanWords.cost(
            settings.passes(images) + (teacher ? seen : 0),
            settings.priorWeight() > 0 ? 2 * seen : seen));
  }
}
