package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.realera.RealeraException;
import org.realera.closedform.Gram;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.tensor.Batches;
import org.realera.text.Captions;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.ConceptSpan;
import org.realera.text.PriorPrompts;
import org.realera.text.TextModel;
import org.realera.text.Tokens;
import org.realera.text.WholeWords;

/**
 * Real text that a method holds: captions from the user's file, or templates filled with words of
 * the model's own vocabulary. None of it names a concept to erase, or a word of {@code
 * prior.without}.
 *
 * @param all the texts to choose from; of a caption, the whole of it stands in the place of the
 *     word. Of the vocabulary they are the same whatever is erased, so that a cache serves all
 * @param chosen those that name nothing, in order
 * @param figures where they come from, for the manifest
 */
record Prior(List<ConceptPrompt> all, List<ConceptPrompt> chosen, Map<String, Object> figures) {

  /**
   * Chooses texts evenly over the file or the vocabulary, and leaves out what names a concept or a
   * word of {@code prior.without}.
   *
   * @param templates for words
   * @param count how many to choose from; fewer if there are not as many
   * @throws RealeraException as {@link Captions#read}; (usage) if every text names what it may not
   */
  static Prior choose(
      EraseRecipe recipe, List<String> templates, int count, ClipTokenizer tokenizer, Run run) {
    Map<String, Object> figures = new LinkedHashMap<>();
    List<ConceptPrompt> all = all(recipe, templates, count, tokenizer, figures, run);
    List<ConceptPrompt> chosen =
        all.stream().filter(others(recipe, recipe.concepts(), true, tokenizer)).toList();
    if (chosen.isEmpty()) {
      throw nothingLeft(recipe);
    }
    figures.put("prompts", chosen.size());
    return new Prior(all, chosen, figures);
  }

  /** This without texts that the method has anyway. */
  Prior butNot(Collection<String> texts) {
    return new Prior(all, chosen.stream().filter(p -> !texts.contains(p.text())).toList(), figures);
  }

  static RealeraException nothingLeft(EraseRecipe recipe) {
    String texts = recipe.prior().hasFile() ? recipe.prior().captions() : "the vocabulary";
    return RealeraException.usage(
        "nothing is left of the prior: every text of "
            + texts
            + " names a concept or a word of prior.without",
        "Give other captions, or shorten prior.without.");
  }

  /** The same where the few that name nothing are the nearest to a concept. */
  static RealeraException nearestLeftOut(EraseRecipe recipe) {
    return RealeraException.usage(
        "nothing is left of the prior: every text of "
            + recipe.prior().captions()
            + " names a concept or a word of prior.without, or is among the nearest to a concept",
        "Give more captions, or lower closed_form.prior_leave_out.");
  }

  /**
   * All texts, chosen whatever is erased.
   *
   * @param figures is given what there is to say of a file
   */
  static List<ConceptPrompt> all(
      EraseRecipe recipe,
      List<String> templates,
      int count,
      ClipTokenizer tokenizer,
      Map<String, Object> figures,
      Run run) {
    if (!recipe.prior().hasFile()) {
      return PriorPrompts.choose(tokenizer, templates, count);
    }
    Captions captions = run.captions(recipe.prior().captions());
    List<String> texts = captions.texts();
    figures.put("captions", texts.size());
    figures.put("captions_sha256", captions.sha256());
    int wanted = Math.min(count, texts.size());
    List<ConceptPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      String caption = texts.get((int) ((long) i * texts.size() / wanted));
      Tokens tokens = tokenizer.tokenize(caption);
      if (tokens.length() > 2) {
        prompts.add(new ConceptPrompt(caption, tokens, new ConceptSpan(1, tokens.length() - 2)));
      }
    }
    return prompts;
  }

  /**
   * Finds texts that speak of something else: whose word has no token of a concept, or, of a
   * caption, which have no concept among their words; and in either case no word of {@code
   * prior.without}.
   *
   * @param pairs the concepts
   * @param plurals whether the concept's plural counts as its name; of captions it does
   */
  static Predicate<ConceptPrompt> others(
      EraseRecipe recipe, List<ConceptPair> pairs, boolean plurals, ClipTokenizer tokenizer) {
    List<String> words = new ArrayList<>(recipe.prior().without());
    if (plurals) {
      pairs.forEach(pair -> words.add(pair.concept()));
    }
    Predicate<String> names =
        words.isEmpty() ? text -> false : WholeWords.anyOrPlural(words)::areIn;
    Set<Long> erased = new HashSet<>();
    if (!recipe.prior().hasFile()) {
      pairs.forEach(pair -> erased.addAll(tokenizer.ids(pair.concept())));
    }
    return prompt ->
        !names.test(prompt.concept())
            && (erased.isEmpty()
                || tokenizer.ids(prompt.concept()).stream().noneMatch(erased::contains));
  }

  /** Everything that an embedding of prompts depends on beside the model, for a cache. */
  static List<String> key(List<ConceptPrompt> prompts) {
    return prompts.stream().map(p -> p.text() + " " + Arrays.toString(p.tokens().ids())).toList();
  }

  /**
   * The sum of x x^T over all rows that are not padding; the caller closes it. Captions are encoded
   * a few at a time, however many; the vocabulary's prompts are kept for the next run.
   */
  Gram gram(TextModel text, long width, Run run) {
    Gram gram = new Gram(width);
    each(
        text,
        width,
        run,
        (prompt, encoded) ->
            gram.add(encoded.get(new NDIndex(":{}", prompt.tokens().length())), 1));
    return gram;
  }

  /** The same over all 77 rows, as MACE has it. */
  Gram gramWithPadding(TextModel text, long width, Run run) {
    Gram gram = new Gram(width);
    each(text, width, run, (prompt, encoded) -> gram.add(encoded, 1));
    return gram;
  }

  private void each(
      TextModel text, long width, Run run, BiConsumer<ConceptPrompt, NDArray> consumer) {
    try (StageTask stage = run.stage(Stage.PRIOR, all.size())) {
      if (isOfFile()) {
        stream(chosen, text, stage, consumer);
      } else {
        try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
          Shape shape = new Shape(all.size(), ClipTokenizer.SEQUENCE_LENGTH, width);
          NDArray encoded =
              run.cached(key(all), shape, scope, () -> text.encode(all, scope, stage::step));
          Set<ConceptPrompt> wanted = new HashSet<>(chosen);
          for (int i = 0; i < all.size(); i++) {
            if (wanted.contains(all.get(i))) {
              consumer.accept(all.get(i), encoded.get(i));
            }
          }
        }
      }
      end(stage);
    }
  }

  /** The row of the last content token of each, [n, d] fp32, owned by {@code scope}. */
  NDArray lastRows(TextModel text, long width, Run run, NDManager scope) {
    try (StageTask stage = run.stage(Stage.PRIOR, all.size())) {
      NDArray rows;
      if (isOfFile()) {
        rows = lastRows(chosen, text, stage, scope);
      } else {
        List<String> key = new ArrayList<>(List.of("the last content token"));
        key.addAll(key(all));
        NDArray every =
            run.cached(
                key, new Shape(all.size(), width), scope, () -> lastRows(all, text, stage, scope));
        Set<ConceptPrompt> wanted = new HashSet<>(chosen);
        int[] index =
            IntStream.range(0, all.size()).filter(i -> wanted.contains(all.get(i))).toArray();
        rows = every.get(scope.create(index));
      }
      end(stage);
      return rows;
    }
  }

  private static NDArray lastRows(
      List<ConceptPrompt> prompts, TextModel text, StageTask stage, NDManager scope) {
    NDList rows = new NDList();
    stream(
        prompts,
        text,
        stage,
        (prompt, encoded) -> {
          NDArray row = encoded.get(Texts.lastContent(prompt.tokens())).duplicate();
          row.attach(scope);
          rows.add(row);
        });
    return NDArrays.stack(rows);
  }

  /** Encodes a few at a time; an embedding, [77, d] fp32, lives as long as the call. */
  private static void stream(
      List<ConceptPrompt> prompts,
      TextModel text,
      StageTask stage,
      BiConsumer<ConceptPrompt, NDArray> each) {
    int done = 0;
    for (List<ConceptPrompt> part : Batches.parts(prompts, TextModel.AT_ONCE)) {
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        NDArray encoded = text.encode(part, inner);
        for (int i = 0; i < part.size(); i++) {
          each.accept(part.get(i), encoded.get(i));
        }
      }
      done += part.size();
      stage.step(done);
    }
  }

  private boolean isOfFile() {
    return figures.containsKey("captions");
  }

  private void end(StageTask stage) {
    stage.result(figures);
    stage.end(chosen.size() + (isOfFile() ? " captions" : " prompts of the vocabulary"));
  }
}
