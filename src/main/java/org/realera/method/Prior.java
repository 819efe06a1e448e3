package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.realera.RealeraException;
import org.realera.config.EraseRecipe;
import org.realera.text.Captions;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.ConceptSpan;
import org.realera.text.PriorPrompts;
import org.realera.text.TextModel;
import org.realera.text.Tokens;

/**
 * Real text that a method holds: captions from the user's file, or templates filled with words of
 * the model's own vocabulary. None of it names a concept to erase, or a word of {@code
 * prior.without}.
 *
 * @param prompts the texts; of a caption, the whole of it stands in the place of the word
 * @param figures where they come from, for the manifest
 */
record Prior(List<ConceptPrompt> prompts, Map<String, Object> figures) {

  /**
   * Chooses texts evenly over the file or the vocabulary, and leaves out what names a concept or a
   * word of {@code prior.without}.
   *
   * @param templates for words
   * @param count how many to choose from; fewer if there are not as many
   * @throws RealeraException as {@link Captions#read}; (usage) if every text names what it may not
   */
  static Prior choose(
      EraseRecipe recipe, List<String> templates, int count, ClipTokenizer tokenizer) {
    Prior all = all(recipe, templates, count, tokenizer);
    Predicate<String> names = names(recipe, true);
    Set<Long> erased = new HashSet<>();
    recipe.concepts().forEach(pair -> erased.addAll(tokenizer.ids(pair.concept())));
    boolean words = !recipe.prior().hasFile();
    List<ConceptPrompt> chosen =
        all.prompts().stream()
            .filter(p -> !names.test(p.concept()))
            .filter(p -> !words || tokenizer.ids(p.concept()).stream().noneMatch(erased::contains))
            .toList();
    if (chosen.isEmpty()) {
      throw nothingLeft();
    }
    Map<String, Object> figures = new LinkedHashMap<>(all.figures());
    figures.put("prompts", chosen.size());
    return new Prior(chosen, figures);
  }

  static RealeraException nothingLeft() {
    return RealeraException.usage(
        "every text of the prior names a concept or a word of prior.without",
        "Give other captions, or shorten prior.without.");
  }

  /** The same with nothing left out, so that one choice serves every concept. */
  static Prior all(EraseRecipe recipe, List<String> templates, int count, ClipTokenizer tokenizer) {
    if (!recipe.prior().hasFile()) {
      return new Prior(PriorPrompts.choose(tokenizer, templates, count), Map.of());
    }
    Captions captions = Captions.read(Path.of(recipe.prior().captions()));
    List<String> texts = captions.texts();
    int wanted = Math.min(count, texts.size());
    List<ConceptPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      String caption = texts.get((int) ((long) i * texts.size() / wanted));
      Tokens tokens = tokenizer.tokenize(caption);
      if (tokens.length() > 2) {
        prompts.add(new ConceptPrompt(caption, tokens, new ConceptSpan(1, tokens.length() - 2)));
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("captions", texts.size());
    figures.put("captions_sha256", captions.sha256());
    return new Prior(prompts, figures);
  }

  /**
   * Whether a text names a word of {@code prior.without}, in the singular or a plural.
   *
   * @param concepts whether the concepts are such words, too
   */
  static Predicate<String> names(EraseRecipe recipe, boolean concepts) {
    List<String> words = new ArrayList<>(recipe.prior().without());
    if (concepts) {
      recipe.concepts().forEach(pair -> words.add(pair.concept()));
    }
    if (words.isEmpty()) {
      return text -> false;
    }
    return Pattern.compile(
            words.stream()
                .map(Pattern::quote)
                .collect(
                    Collectors.joining(
                        "|", "(?<![\\p{L}\\p{N}])(?:", ")(?:e?s)?(?![\\p{L}\\p{N}])")),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
        .asPredicate();
  }

  /**
   * Encodes all of them, a few at a time.
   *
   * @param each is given every prompt with its embedding, [77, d] fp32, which lives as long as the
   *     call
   */
  void encode(TextModel text, Run run, BiConsumer<ConceptPrompt, NDArray> each) {
    run.begin(Stage.PRIOR, prompts.size());
    for (int from = 0; from < prompts.size(); from += TextModel.AT_ONCE) {
      int to = Math.min(prompts.size(), from + TextModel.AT_ONCE);
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        NDArray encoded = text.encode(prompts.subList(from, to), inner);
        for (int i = from; i < to; i++) {
          each.accept(prompts.get(i), encoded.get(i - from));
        }
      }
      run.step(Stage.PRIOR, to);
    }
    run.result(Stage.PRIOR, figures);
    String source = figures.containsKey("captions") ? "captions" : "prompts of the vocabulary";
    run.end(Stage.PRIOR, prompts.size() + " " + source);
  }
}
