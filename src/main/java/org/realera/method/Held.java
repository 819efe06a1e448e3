package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Gram;
import org.realera.closedform.TextPrior;
import org.realera.concept.Concept;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.TextModel;

/**
 * What the closed form keeps beside the points beyond (ours, not the paper's; {@code --paper}
 * switches off prior and prefixes): real text, the rows before the concepts, and the user's own
 * concepts.
 */
final class Held {
  private Held() {}

  /**
   * Keeps the directions of real text, but for prompts that speak of the concepts.
   *
   * @param named neighbors that are erased along with them
   * @throws org.realera.RealeraException (usage) if there is a file of captions and none is held
   */
  static void prior(
      ClosedForm closedForm,
      List<Concept> concepts,
      List<Concept> named,
      EraseRecipe recipe,
      TextModel text,
      Run run) {
    if (recipe.closedForm().priorWeight() == 0) {
      return;
    }
    // Chosen and encoded whatever is erased, so that one cache entry serves every concept.
    Map<String, Object> figures = new LinkedHashMap<>();
    List<ConceptPrompt> prompts =
        Prior.all(
            recipe,
            recipe.templates(),
            recipe.closedForm().priorPrompts(),
            text.tokenizer(),
            figures,
            run);
    try (StageTask stage = run.stage(Stage.PRIOR, prompts.size());
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<Concept> erased = Stream.concat(concepts.stream(), named.stream()).toList();
      List<Concept.Rows> rows = erased.stream().flatMap(c -> c.rows().stream()).toList();
      Shape shape = new Shape(prompts.size(), ClipTokenizer.SEQUENCE_LENGTH, rows.get(0).width());
      int[] others = others(prompts, erased, recipe, text.tokenizer());
      List<String> key = Prior.key(prompts);
      NDArray encoded =
          run.cached(key, shape, scope, () -> text.encode(prompts, scope, stage::step));
      NDArray sum =
          run.cached(
              Stream.concat(Stream.of("the sum over all rows"), key.stream()).toList(),
              new Shape(rows.get(0).width(), rows.get(0).width()),
              scope,
              () -> TextPrior.sum(encoded, scope));
      double leaveOut = recipe.closedForm().priorLeaveOut();
      try (Gram prior = TextPrior.gram(prompts, encoded, sum, others, rows, leaveOut)) {
        long used = prior.rows() / ClipTokenizer.SEQUENCE_LENGTH;
        if (used == 0 && recipe.prior().hasFile()) {
          throw Prior.nearestLeftOut(recipe);
        }
        closedForm.keepRelative(prior, recipe.closedForm().priorWeight());
        figures.put("prompts", used);
        stage.result(figures);
        stage.end(
            used
                + " prompts of real text held, "
                + (prompts.size() - used)
                + " near the concept left out");
      }
    }
  }

  /** The prompts that speak of something else. */
  private static int[] others(
      List<ConceptPrompt> prompts,
      List<Concept> erased,
      EraseRecipe recipe,
      ClipTokenizer tokenizer) {
    boolean captions = recipe.prior().hasFile();
    List<ConceptPair> pairs = erased.stream().map(Concept::pair).toList();
    Predicate<ConceptPrompt> wanted = Prior.others(recipe, pairs, captions, tokenizer);
    int[] others =
        IntStream.range(0, prompts.size()).filter(i -> wanted.test(prompts.get(i))).toArray();
    if (others.length == 0 && captions) {
      throw Prior.nothingLeft(recipe);
    }
    return others;
  }

  /** Keeps the rows before the concepts: start token and template. */
  static void prefixes(ClosedForm closedForm, List<Concept> concepts, EraseRecipe recipe) {
    double weight = recipe.closedForm().prefixWeight();
    if (weight == 0) {
      return;
    }
    try (Gram prefixes = new Gram(concepts.get(0).rows().get(0).width())) {
      concepts.forEach(c -> c.rows().forEach(p -> prefixes.add(p.prefix(), 1)));
      closedForm.keepRelative(prefixes, weight);
    }
  }

  /** Keeps the rows of the user's own concepts, from their first token on. */
  static void preserved(ClosedForm closedForm, EraseRecipe recipe, TextModel text) {
    for (String kept : recipe.preserve()) {
      List<ConceptPrompt> prompts =
          recipe.templates().stream()
              .map(t -> ConceptPrompt.of(t, kept, text.tokenizer()))
              .toList();
      try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        NDArray encoded = text.encode(prompts, scope);
        try (Gram rows = new Gram(encoded.getShape().get(2))) {
          for (int i = 0; i < prompts.size(); i++) {
            int start = prompts.get(i).span().start();
            rows.add(encoded.get(scope, new NDIndex("{},{}:", i, start)), 1);
          }
          closedForm.keepRelative(rows, recipe.closedForm().preserveWeight());
        }
      }
    }
  }
}
