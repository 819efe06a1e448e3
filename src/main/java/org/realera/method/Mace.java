package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Fusion;
import org.realera.closedform.Gram;
import org.realera.closedform.Projections;
import org.realera.concept.Concept;
import org.realera.concept.Surroundings;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MaceSettings;
import org.realera.config.Template;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.ImageRequest;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.text.ConceptPrompt;
import org.realera.text.TextModel;
import org.realera.training.LoraAdapters;
import org.realera.training.Saved;
import org.realera.training.Training;
import org.realera.training.TrainingSettings;

/**
 * MACE, "Mass Concept Erasure in Diffusion Models" (Lu et al., CVPR 2024): (1) closed-form
 * refinement takes the concept out of the words around it, (2) a LoRA for each concept takes the
 * attention from the concept's own tokens, (3) another closed form fuses all LoRAs. W is a key or
 * value projection of the cross-attention, c a row of E(p), c' its partner in E(p*).
 */
public final class Mace implements Method {
  private static final List<String> TARGETS = List.of("attn2.to_k", "attn2.to_v");

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    MaceSettings k = recipe.settings(MaceSettings.class);
    checkTimestep(k, model);
    List<List<ImageRequest>> images = images(recipe, k.lora(), model);
    List<NDArray> masks = given(recipe, images, run, scope);
    try (Words words = new Words(model.textWidth())) {
      Projections w = refine(words, model, recipe, run, scope); //                    stage 1
      if (!k.lora().enabled()) {
        return new Edits(w.tensors(), 1);
      }
      Given given = new Given(model, recipe, run, scope);
      List<LoraAdapters> lora = train(words, w, images, masks, given); //             stage 2
      return new Edits(fuse(words, w, lora, model, k, run, scope), 1); //             stage 3
    }
  }

  /** What {@link #erase} was given; {@code scope} owns what comes of it. */
  private record Given(Model model, EraseRecipe recipe, Run run, NDManager scope) {}

  /** What the stages know of the words. */
  private static final class Words implements AutoCloseable {
    /** Of each concept sum e e^T over all 77 rows of its prompts. */
    private final List<Gram> prompts = new ArrayList<>();

    /** M_text + w M_domain. */
    private final Gram held;

    /** The prompt of stage 2's images for each concept. */
    private final List<NamedPrompt> named = new ArrayList<>();

    /** Those that stage 2 is trained with, likewise. */
    private final List<List<NamedPrompt>> taught = new ArrayList<>();

    private final NDManager scope = NDManager.newBaseManager(Device.cpu());

    Words(long width) {
      held = new Gram(width);
    }

    @Override
    public void close() {
      prompts.forEach(Gram::close);
      held.close();
      scope.close();
    }
  }

  /**
   * Stage 1: W* = [sum (W c') c^T + s W M + lambda W] [sum c c^T + s M + lambda I]^-1 over the rows
   * around the concept, which is W T with one T for all layers.
   */
  private static Projections refine(
      Words words, Model model, EraseRecipe recipe, Run run, NDManager scope) {
    MaceSettings k = recipe.settings(MaceSettings.class);
    try (TextModel text = model.loadText();
        ClosedForm closedForm = new ClosedForm(model.textWidth())) {
      try (StageTask stage = run.stage(Stage.TEXT, recipe.concepts().size())) {
        Embedding.checkWords(recipe, text, run);
        for (ConceptPair pair : recipe.concepts()) {
          Concept.requireOther(pair, text.tokenizer());
          Gram rows = new Gram(model.textWidth());
          words.prompts.add(rows);
          for (String template : k.prompts()) {
            ConceptPrompt p = ConceptPrompt.of(template, pair.concept(), text.tokenizer());
            ConceptPrompt pStar = ConceptPrompt.of(template, pair.anchor(), text.tokenizer());
            Surroundings around = Surroundings.of(p.tokens(), pStar.tokens());
            try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
              NDArray both = text.encode(List.of(p, pStar), inner);
              NDArray c = both.get(0).get(inner.create(around.rows()));
              NDArray cPrime = both.get(1).get(inner.create(around.partners()));
              closedForm.map(c, cPrime);
              rows.add(both.get(0), 1); //                                        for stage 3
            }
          }
          if (k.lora().enabled()) {
            NamedPrompt named = naming(k.lora().prompt(), pair, k, text, words);
            words.named.add(named);
            words.taught.add(
                k.lora().augment()
                    ? k.prompts().stream().map(p -> naming(p, pair, k, text, words)).toList()
                    : List.of(named));
          }
          stage.step(words.prompts.size());
        }
        int prompts = recipe.concepts().size() * k.prompts().size();
        stage.end(prompts + " prompts and as many of the anchors");
      }
      MacePrior.hold(words.held, k, recipe, text, run); //               M_text + w M_domain
      double s = k.hold().weight();
      closedForm.keep(words.held, k.hold().squared() ? s * s : s);
      try (StageTask stage = run.stage(Stage.CLOSED_FORM, 1)) {
        double lambda = k.refinement().lambda();
        NDArray t = closedForm.solve(lambda, remedy("refinement.lambda", lambda), scope);
        Projections w = Projections.of(t, model.unetWeights(), scope);
        ClosedFormStage.oneSolve(stage, closedForm, w);
        return w;
      }
    }
  }

  private static NamedPrompt naming(
      String template, ConceptPair pair, MaceSettings k, TextModel text, Words words) {
    return NamedPrompt.of(template, pair.concept(), k.lora().endTokens(), text, words.scope);
  }

  /**
   * Stage 2: on top of the refined W each concept's own LoRA, trained until the concept's tokens
   * have no attention where the concept is: L = sum_l |A^(l)[masked pixels, concept tokens]|_F.
   */
  private static List<LoraAdapters> train(
      Words words,
      Projections w,
      List<List<ImageRequest>> images,
      List<NDArray> painted,
      Given given) {
    Model model = given.model();
    Run run = given.run();
    long seed = given.recipe().seed();
    MaceSettings k = given.recipe().settings(MaceSettings.class);
    List<NDArray> z0 = TrainingImages.draw(wanted(images), model, run, given.scope());
    List<NDArray> masks =
        painted.isEmpty()
            ? new ConceptMasks(model, k.masks(), seed).find(words.named, z0, run, given.scope())
            : painted;
    List<LoraAdapters> trained = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    try (StageTask stage = run.stage(Stage.TRAINING, (long) z0.size() * k.lora().steps());
        NDManager device = NDManager.newBaseManager(model.compute().device())) {
      Edits refined = new Edits(w.tensors(), 1).on(model.compute().device(), device);
      for (int i = 0; i < z0.size(); i++) {
        LoraAdapters lora =
            LoraAdapters.init(
                model.unetWeights().tensors(),
                TARGETS,
                k.lora().rank(),
                k.lora().rank(), //                                                    scale 1
                Noise.derive(seed, "lora", i));
        AttentionLesson lesson =
            new AttentionLesson(
                new AttentionLesson.ConceptImages(i, words.taught.get(i), z0.get(i), masks.get(i)),
                k.lora().importance()
                    ? AttentionLesson.Timesteps.IMPORTANT
                    : AttentionLesson.Timesteps.UNIFORM,
                model,
                refined,
                seed);
        Training training = Training.begin(run.state(), "lora-" + i, lora, settings(k.lora()));
        training.run(stage, (long) i * k.lora().steps(), lesson::step);
        losses.addAll(training.losses());
        trained.add(lora);
      }
      TrainingStage.end(stage, losses, Map.of(), run);
    }
    return trained;
  }

  /**
   * Stage 3: one weight for all LoRAs. With D_i = B_i A_i, e all rows of concept i's prompts, and
   * real text as the original projects it: W* = [sum_i sum_e (W + D_i) e e^T + s W_org M + lambda
   * W] [sum_i sum_e e e^T + s M + lambda I]^-1.
   *
   * @param w of stage 1, [out, d] fp32
   * @param lora one for each concept
   * @return W* of each layer, as {@code w}, by the tensor's name; owned by {@code scope}
   */
  private static Map<String, NDArray> fuse(
      Words words,
      Projections w,
      List<LoraAdapters> lora,
      Model model,
      MaceSettings k,
      Run run,
      NDManager scope) {
    double s = k.hold().weight();
    double lambda = k.fusion().lambda();
    Map<String, NDArray> fused = new TreeMap<>();
    try (StageTask stage = run.stage(Stage.FUSION, w.tensors().size());
        Fusion fusion = new Fusion(model.textWidth(), lambda, remedy("fusion.lambda", lambda))) {
      words.prompts.forEach(rows -> fusion.add(rows, 1));
      fusion.add(words.held, s);
      for (Map.Entry<String, NDArray> layer : w.tensors().entrySet()) {
        String name = layer.getKey();
        try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
          NDArray org = model.unetWeights().read(name, inner).toType(DataType.FLOAT64, false);
          NDArray moved = layer.getValue().toType(DataType.FLOAT64, true);
          moved.attach(inner);
          NDArray right = org.sub(moved).matMul(words.held.matrix()).mul(s);
          for (int i = 0; i < lora.size(); i++) {
            NDArray d = lora.get(i).delta(Edits.module(name), inner);
            right.addi(d.toType(DataType.FLOAT64, false).matMul(words.prompts.get(i).matrix()));
          }
          fused.put(name, fusion.fuse(layer.getValue(), right, scope));
        }
        stage.step(fused.size());
      }
      stage.end(lora.size() + (lora.size() == 1 ? " adapter" : " adapters") + " in one");
    }
    return fused;
  }

  private static ClosedForm.Remedy remedy(String key, double lambda) {
    return new ClosedForm.Remedy(
        key + " = " + lambda, "Raise " + key + ", or hold real text by hold.weight.");
  }

  private static TrainingSettings settings(MaceSettings.Lora lora) {
    return TrainingSettings.of(
        lora, lora.steps(), "Lower lora.learning_rate, or use --dtype fp32.");
  }

  private static void checkTimestep(MaceSettings k, Model model) {
    int levels = DdimScheduler.of(model.checkpoint().schedulerConfig()).trainTimesteps();
    if (k.masks().timestep() >= levels) {
      throw RealeraException.usage(
          "masks.timestep is " + k.masks().timestep() + ", but the model has " + levels,
          "Take a lower one.");
    }
  }

  /** What the original model draws of each concept. */
  private static List<List<ImageRequest>> images(
      EraseRecipe recipe, MaceSettings.Lora lora, Model model) {
    List<List<ImageRequest>> sets = new ArrayList<>();
    for (ConceptPair pair : recipe.concepts()) {
      String prompt = Template.fill(lora.prompt(), pair.concept());
      List<String> prompts = Collections.nCopies(lora.images(), prompt);
      sets.add(
          TrainingImages.requests(
              prompts, lora, "concept image " + sets.size(), model, recipe.seed()));
    }
    return sets;
  }

  private static TrainingImages.Wanted wanted(List<List<ImageRequest>> images) {
    return new TrainingImages.Wanted(
        Stage.CONCEPT_IMAGES, "concept" + Saved.LATENTS, "the concept", images);
  }

  /** The masks of {@code masks.source}, before anything takes time; empty if there is none. */
  private static List<NDArray> given(
      EraseRecipe recipe, List<List<ImageRequest>> images, Run run, NDManager scope) {
    MaceSettings k = recipe.settings(MaceSettings.class);
    if (k.masks().own() || !k.lora().enabled()) {
      return List.of();
    }
    try (StageTask stage = run.stage(Stage.MASKS, 1)) {
      List<String> concepts = recipe.concepts().stream().map(ConceptPair::concept).toList();
      Run.Masks given = run.masks(k.masks().source(), concepts, images, scope);
      ConceptMasks.tell(given.masks(), Map.of("sha256", given.sha256()), stage);
      return given.masks();
    }
  }

  @Override
  public boolean isClosedForm(EraseRecipe recipe) {
    return !recipe.settings(MaceSettings.class).lora().enabled();
  }

  /** Its loss is of attention maps, which are kept whole. */
  @Override
  public boolean checkpoints() {
    return false;
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    MaceSettings k = recipe.settings(MaceSettings.class);
    int concepts = recipe.concepts().size();
    String refinement =
        "refine keys and values of the cross-attention in closed form by "
            + PlanWords.count((long) concepts * k.prompts().size(), "prompt");
    if (!k.lora().enabled()) {
      return List.of(refinement);
    }
    long images = (long) concepts * k.lora().images();
    boolean own = k.masks().own();
    return List.of(
        refinement,
        "draw "
            + PlanWords.count(images, "picture")
            + " of the concept, find it there "
            + (own ? "by the model's own attention" : "by the masks in " + k.masks().source()),
        "train "
            + PlanWords.count(concepts, "adapter")
            + " of rank "
            + k.lora().rank()
            + ": "
            + PlanWords.count(k.lora().steps(), "step")
            + " each, learning rate "
            + k.lora().learningRate(),
        "fuse them in closed form",
        PlanWords.cost(
            k.lora().passes(images) + (own ? images : 0), (long) concepts * k.lora().steps()));
  }
}
