package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.FmnSettings;
import org.realera.diffusion.ImageRequest;
import org.realera.tensor.Edits;
import org.realera.text.TextModel;
import org.realera.training.Saved;
import org.realera.training.TrainingSettings;
import org.realera.training.WholeWeights;

/**
 * Forget-Me-Not (Zhang et al., CVPRW 2024), attention re-steering: on noised images of the concept,
 * the cross-attention to the concept's tokens is made small, L = |A[:, concept tokens]|_F over all
 * layers and heads at once. Nothing holds other concepts, and the anchor has no part.
 */
public final class ForgetMeNot implements Method {

  @Override
  public Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope) {
    FmnSettings k = recipe.settings(FmnSettings.class);
    List<List<NamedPrompt>> prompts = prompts(model, recipe, run, scope); //                      p
    List<NDArray> z0 = draw(prompts, k, model, recipe, run, scope); //                     z_0
    List<AttentionLesson> lessons = new ArrayList<>();
    for (int i = 0; i < z0.size(); i++) {
      lessons.add(
          new AttentionLesson(
              new AttentionLesson.ConceptImages(i, prompts.get(i), z0.get(i), null),
              AttentionLesson.Timesteps.UNIFORM, //                                          t
              model,
              Edits.NONE,
              recipe.seed()));
    }
    int steps = k.steps() * lessons.size();
    return TrainingStage.whole(
        model,
        trainedWhole(recipe), //                                                       theta
        TrainingSettings.of(k, steps, "Lower learning_rate, or use --dtype fp32."),
        // concepts take turns
        (step, theta) -> lessons.get((step - 1) % lessons.size()).step(step, theta),
        run,
        scope);
  }

  @Override
  public Predicate<String> trainedWhole(EraseRecipe recipe) {
    return switch (recipe.settings(FmnSettings.class).train()) {
      case UNET -> name -> true;
      case ATTN2 -> WholeWeights.CROSS_ATTENTION;
    };
  }

  /** Every prompt filled with every concept. */
  private static List<List<NamedPrompt>> prompts(
      Model model, EraseRecipe recipe, Run run, NDManager scope) {
    FmnSettings k = recipe.settings(FmnSettings.class);
    try (TextModel text = model.loadText();
        StageTask stage = run.stage(Stage.TEXT, 1)) {
      Embedding.checkWords(recipe, text, run);
      List<List<NamedPrompt>> prompts = new ArrayList<>();
      for (ConceptPair pair : recipe.concepts()) {
        prompts.add(
            k.prompts().stream()
                .map(prompt -> NamedPrompt.of(prompt, pair.concept(), k.endTokens(), text, scope))
                .toList());
      }
      int count = recipe.concepts().size() * k.prompts().size();
      stage.end(PlanWords.count(count, "prompt"));
      return prompts;
    }
  }

  /**
   * Images of each concept by the original model; the authors take real ones, a few.
   *
   * @return for each concept z_0, [n, 4, h, w] fp32 on the CPU, owned by {@code scope}
   */
  private static List<NDArray> draw(
      List<List<NamedPrompt>> prompts,
      FmnSettings k,
      Model model,
      EraseRecipe recipe,
      Run run,
      NDManager scope) {
    List<List<ImageRequest>> sets = new ArrayList<>();
    for (List<NamedPrompt> own : prompts) {
      sets.add(
          TrainingImages.requests(
              NamedPrompt.texts(own, k.images()),
              k,
              "concept image " + sets.size(),
              model,
              recipe.seed()));
    }
    TrainingImages.Wanted wanted =
        new TrainingImages.Wanted(
            Stage.CONCEPT_IMAGES, "concept" + Saved.LATENTS, "the concept", sets);
    return TrainingImages.draw(wanted, model, run, scope);
  }

  /** Its loss is of attention maps, which are kept whole. */
  @Override
  public boolean checkpoints() {
    return false;
  }

  @Override
  public List<String> plan(EraseRecipe recipe) {
    FmnSettings k = recipe.settings(FmnSettings.class);
    int concepts = recipe.concepts().size();
    long images = (long) concepts * k.images();
    return List.of(
        "draw " + PlanWords.count(images, "picture") + " of the concept; the anchor has no part",
        "train "
            + (k.train() == FmnSettings.Train.UNET ? "the whole U-Net" : "the cross-attention")
            + ": "
            + PlanWords.count((long) concepts * k.steps(), "step")
            + ", learning rate "
            + k.learningRate(),
        PlanWords.cost(k.passes(images), (long) concepts * k.steps()));
  }
}
