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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
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
   * Chooses texts evenly over the file or the vocabulary.
   *
   * @param templates for words
   * @param count how many; fewer if there are not as many
   * @throws RealeraException as {@link Captions#read}; (usage) if every text names what it may not
   */
  static Prior choose(
      EraseRecipe recipe, List<String> templates, int count, ClipTokenizer tokenizer) {
    Map<String, Object> figures = new LinkedHashMap<>();
    List<ConceptPrompt> prompts;
    if (!recipe.prior().hasFile()) {
      prompts = words(recipe, templates, count, tokenizer);
    } else {
      Captions captions = Captions.read(Path.of(recipe.prior().captions()));
      figures.put("captions", captions.texts().size());
      figures.put("captions_sha256", captions.sha256());
      prompts = captions(captions.texts(), recipe, count, tokenizer);
    }
    if (prompts.isEmpty()) {
      throw RealeraException.usage(
          "every text of the prior names a concept or a word of prior.without",
          "Give other captions, or shorten prior.without.");
    }
    figures.put("prompts", prompts.size());
    return new Prior(List.copyOf(prompts), figures);
  }

  private static List<ConceptPrompt> words(
      EraseRecipe recipe, List<String> templates, int count, ClipTokenizer tokenizer) {
    Pattern banned = banned(recipe);
    Set<Long> erased = new HashSet<>();
    recipe.concepts().forEach(pair -> erased.addAll(tokenizer.ids(pair.concept())));
    return PriorPrompts.choose(tokenizer, templates, count).stream()
        .filter(p -> !banned.matcher(p.concept()).find())
        .filter(p -> tokenizer.ids(p.concept()).stream().noneMatch(erased::contains))
        .toList();
  }

  private static List<ConceptPrompt> captions(
      List<String> all, EraseRecipe recipe, int count, ClipTokenizer tokenizer) {
    Pattern banned = banned(recipe);
    List<String> free = all.stream().filter(text -> !banned.matcher(text).find()).toList();
    int wanted = Math.min(count, free.size());
    List<ConceptPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      String caption = free.get((int) ((long) i * free.size() / wanted));
      Tokens tokens = tokenizer.tokenize(caption);
      if (tokens.length() > 2) {
        prompts.add(new ConceptPrompt(caption, tokens, new ConceptSpan(1, tokens.length() - 2)));
      }
    }
    return prompts;
  }

  /** Any of the words, in the plural too. */
  private static Pattern banned(EraseRecipe recipe) {
    return Pattern.compile(
        Stream.concat(
                recipe.concepts().stream().map(ConceptPair::concept),
                recipe.prior().without().stream())
            .map(Pattern::quote)
            .collect(
                Collectors.joining("|", "(?<![\\p{L}\\p{N}])(?:", ")(?:e?s)?(?![\\p{L}\\p{N}])")),
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
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
