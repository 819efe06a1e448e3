package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.concept.Concept;
import org.realera.config.EraseRecipe;
import org.realera.config.SaSettings;
import org.realera.method.DenoisingLoss.Term;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.NativeFloats;
import org.realera.tensor.Noise;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.PriorPrompts;
import org.realera.text.TextModel;
import org.realera.training.Gradients;
import org.realera.training.Saved;
import org.realera.training.Trainable;
import org.realera.training.TrainingSettings;
import org.realera.training.WholeWeights;

/**
 * Selective amnesia (Heng and Soh, NeurIPS 2023): the model learns to draw the anchor, the
 * surrogate q, for the concept c_f, while it replays other images and elastic weight consolidation
 * holds the weights that these depend on:
 *
 * <p>L = L_ddpm(q, c_f) + gamma L_ddpm(replay) + lambda sum_i F_i (theta_i - theta*_i)^2
 */
public final class SelectiveAmnesia implements Method {
  /** Samples between two saved states of the Fisher information. */
  private static final int SAVE_EVERY = 10;

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    SaSettings settings = recipe.settings(SaSettings.class);
    List<Concept> forgotten;
    List<ConceptPrompt> replayed = List.of();
    NDArray replayText = null;
    try (TextModel text = model.loadText()) {
      EraseRecipe trained = recipe.bare(settings.barePrompts());
      forgotten = Embedding.of(trained, text, run, scope); //                            c_f
      if (settings.replays()) {
        replayed = replay(recipe, text.tokenizer());
        replayText = text.encode(replayed, scope, done -> {});
      }
    }
    run.note(cost(recipe));
    Fisher held = settings.lambda() == 0 ? null : fisher(model, recipe, run); //           F
    List<NDArray> q =
        TrainingImages.draw(forgotten, settings, model, recipe.seed(), run, scope); //            q
    Memory memory =
        replayText == null
            ? null
            : new Memory(replayText, replayed(replayed, model, recipe, run, scope));
    Lesson lesson = new Lesson(model, settings, forgotten, q, memory, recipe.seed());
    if (held != null && memory != null) {
      try (WholeWeights star = //                                                    theta*
          WholeWeights.of(model.unetWeights(), Map.of(), trainedWhole(recipe))) {
        lesson.measure(held, star, memory, run);
        held.settle();
      }
    }
    try (held) {
      return TrainingStage.whole(
          model,
          trainedWhole(recipe),
          TrainingSettings.of(
              settings, settings.steps(), "Lower learning_rate or lambda, or use --dtype fp32."),
          (step, theta) -> lesson.step(step, theta, held),
          run,
          scope);
    }
  }

  /** Begun, and saved, before the images, which take long, too. */
  private Fisher fisher(Model model, EraseRecipe recipe, Run run) {
    return Fisher.begin(
        run.state(),
        WholeWeights.shapes(model.unetWeights(), trainedWhole(recipe)),
        recipe.settings(SaSettings.class).replayImages());
  }

  /**
   * What is remembered.
   *
   * @param texts E of its prompts, [m, 77, d]
   * @param images z_0, [n, 4, h, w]; the prompts take turns
   */
  private record Memory(NDArray texts, NDArray images) {
    NDArray text(long i, NDManager scope) {
      return Lesson.one(texts, i % texts.getShape().get(0), scope);
    }

    NDArray image(long i, NDManager scope) {
      return Lesson.one(images, i, scope);
    }
  }

  @Override
  public Predicate<String> trainedWhole(EraseRecipe recipe) {
    return switch (recipe.settings(SaSettings.class).trainMethod()) {
      case FULL -> name -> true;
      case XATTN -> WholeWeights.CROSS_ATTENTION;
      case NOXATTN -> WholeWeights.NOT_CROSS_ATTENTION;
    };
  }

  /**
   * Prompts of what is to be remembered: the preserved concepts, then words of the vocabulary, in
   * place of the paper's 5000 prompts that GPT-3.5 wrote. No word names a concept to erase, or is
   * one of {@code prior.without}.
   */
  static List<ConceptPrompt> replay(EraseRecipe recipe, ClipTokenizer tokenizer) {
    int count = recipe.settings(SaSettings.class).replayImages();
    long images = (long) recipe.preserve().size() * recipe.templates().size();
    if (images > count) {
      throw RealeraException.usage(
          "preserve asks for "
              + images
              + " pictures, one of each concept by each template, and replay_images is "
              + count,
          "Raise replay_images, or shorten preserve or templates.");
    }
    List<ConceptPrompt> prompts = new ArrayList<>();
    for (String kept : recipe.preserve()) {
      recipe.templates().forEach(t -> prompts.add(ConceptPrompt.of(t, kept, tokenizer)));
    }
    PriorPrompts.choose(tokenizer, recipe.templates(), count).stream()
        .filter(Prior.others(recipe, recipe.concepts(), true, tokenizer))
        .forEach(prompts::add);
    if (prompts.isEmpty()) {
      throw RealeraException.usage(
          "nothing is left to replay: every word of the vocabulary names a concept or a word of"
              + " prior.without",
          "Name concepts to keep in preserve, or shorten prior.without.");
    }
    return List.copyOf(prompts.subList(0, Math.min(count, prompts.size())));
  }

  /** An image for each replayed prompt; prompts that are too few take turns. */
  private static NDArray replayed(
      List<ConceptPrompt> prompts, Model model, EraseRecipe recipe, Run run, NDManager scope) {
    SaSettings settings = recipe.settings(SaSettings.class);
    int count = settings.replayImages();
    List<String> texts =
        IntStream.range(0, count).mapToObj(i -> prompts.get(i % prompts.size()).text()).toList();
    TrainingImages.Wanted wanted =
        new TrainingImages.Wanted(
            Stage.REPLAY_IMAGES,
            "replay" + Saved.LATENTS,
            "what is remembered",
            List.of(
                TrainingImages.requests(texts, settings, "replay image", model, recipe.seed())));
    return TrainingImages.draw(wanted, model, run, scope).get(0);
  }

  /** What a step and a sample learn from; borrows all. */
  private static final class Lesson {
    private final SaSettings settings;
    private final List<Concept> forgotten;
    private final List<NDArray> surrogate;
    private final @Nullable Memory memory;
    private final long seed;
    private final NoisedImages noised;
    private final DenoisingLoss loss;
    private final Device device;
    private final Weights star;

    Lesson(
        Model model,
        SaSettings settings,
        List<Concept> forgotten,
        List<NDArray> surrogate,
        @Nullable Memory memory,
        long seed) {
      this.settings = settings;
      this.forgotten = forgotten;
      this.surrogate = surrogate;
      this.memory = memory;
      this.seed = seed;
      this.noised = new NoisedImages(model);
      this.loss = new DenoisingLoss(model, false);
      this.device = model.compute().device();
      this.star = model.unetWeights();
    }

    /** F: of each replayed image the slope of its loss summed over all t, squared; the mean. */
    void measure(Fisher fisher, WholeWeights star, Memory memory, Run run) {
      int samples = settings.replayImages();
      try (StageTask stage = run.stage(Stage.FISHER, samples)) {
        while (fisher.done() < samples) {
          stage.stopIfAsked(
              fisher::save,
              () -> "the Fisher information of " + fisher.done() + " of " + samples + " is saved");
          try (Gradients slope = sample(fisher.done(), star, memory)) {
            fisher.add(slope);
          }
          if (fisher.done() % SAVE_EVERY == 0 || fisher.done() == samples) {
            fisher.save();
          }
          stage.step(fisher.done(), fisher.mean());
        }
        stage.saved("the Fisher information is saved");
        stage.result(Map.of("samples", samples, "mean", fisher.mean()));
        stage.end(String.format(Locale.ROOT, "%d pictures, mean %.3g", samples, fisher.mean()));
      }
    }

    private Gradients sample(int i, WholeWeights star, Memory memory) {
      Gradients sum = new Gradients();
      try (NDManager scope = NDManager.newBaseManager(Device.cpu());
          NDManager there = NDManager.newBaseManager(device)) {
        Noise noise = new Noise(Noise.derive(seed, "fisher", i));
        int count = settings.fisherTimesteps();
        double each = (double) noised.levels() / count; // of fewer t, an estimate of the sum
        NDArray x = memory.image(i, scope);
        NDArray text = memory.text(i, scope);
        List<Term> terms = new ArrayList<>();
        for (int j = 0; j < count; j++) {
          long t = (long) ((j + 0.5) * each);
          terms.add(noised.noised(x, t, text, each, noise, scope));
        }
        loss.add(terms, star.edits(Edits.NONE, there), star.parameters().keySet(), sum);
      }
      return sum;
    }

    /** Loss and slope of a step, from 1. */
    Gradients step(int step, Trainable theta, @Nullable Fisher held) {
      Gradients sum = new Gradients();
      try (NDManager scope = NDManager.newBaseManager(Device.cpu());
          NDManager there = NDManager.newBaseManager(device)) {
        double share = 1.0 / settings.batch();
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < settings.batch(); i++) {
          Noise noise = new Noise(Noise.derive(seed, "sa", (long) step * settings.batch() + i));
          int concept = (int) noise.integer(forgotten.size());
          long image = noise.integer(settings.images());
          List<Concept.Rows> rows = forgotten.get(concept).rows();
          NDArray cf = rows.get((int) (image % rows.size())).encoded();
          NDArray x = one(surrogate.get(concept), image, scope);
          terms.add(noised.noised(x, cf, share, noise, scope)); //            L_ddpm(q, c_f)
          if (settings.gamma() > 0 && memory != null) {
            long other = noise.integer(settings.replayImages());
            NDArray y = memory.image(other, scope);
            double weight = settings.gamma() * share;
            terms.add(noised.noised(y, memory.text(other, scope), weight, noise, scope)); // replay
          }
        }
        Map<String, NativeFloats> parameters = theta.parameters();
        loss.add(terms, theta.edits(Edits.NONE, there), parameters.keySet(), sum);
        if (held != null) {
          held.penalize(settings.lambda(), parameters, star, sum); //                      EWC
        }
      }
      return sum;
    }

    private static NDArray one(NDArray all, long i, NDManager scope) {
      NDArray one = all.get(i);
      one.attach(scope);
      return one;
    }
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    SaSettings settings = recipe.settings(SaSettings.class);
    List<String> lines = new ArrayList<>();
    lines.add(
        "draw "
            + PlanWords.count(recipe.anchorCount() * settings.images(), "picture")
            + " of the anchor"
            + (settings.replays()
                ? " and " + PlanWords.count(settings.replayImages(), "picture") + " of other words"
                : ""));
    if (settings.lambda() > 0) {
      lines.add(
          "measure the Fisher information: "
              + PlanWords.count(settings.fisherTimesteps(), "noise level")
              + " of each of the latter");
    }
    lines.add(
        "train ("
            + settings.trainMethod().name().toLowerCase(Locale.ROOT)
            + "): "
            + PlanWords.count(settings.steps(), "step")
            + " of "
            + PlanWords.count(latents(settings), "latent")
            + ", learning rate "
            + settings.learningRate());
    lines.add(cost(recipe));
    return List.copyOf(lines);
  }

  /** Latents of a step. */
  private static long latents(SaSettings settings) {
    return settings.gamma() > 0 ? 2L * settings.batch() : settings.batch();
  }

  /** Most of it is the Fisher information, where that has a weight. */
  private static String cost(EraseRecipe recipe) {
    SaSettings settings = recipe.settings(SaSettings.class);
    long images =
        recipe.anchorCount() * settings.images()
            + (settings.replays() ? settings.replayImages() : 0);
    long forward = settings.passes(images);
    long fisher =
        settings.lambda() > 0 ? (long) settings.replayImages() * settings.fisherTimesteps() : 0;
    long backward = fisher + latents(settings) * settings.steps();
    return PlanWords.cost(forward, backward);
  }
}
