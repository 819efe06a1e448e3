package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.realera.text.ConceptPrompt;
import org.realera.text.TextModel;

/**
 * A prompt that names a concept, and the tokens that do.
 *
 * @param text the prompt
 * @param encoded E(p), [77, d] fp32 on the CPU, owned by the scope given to {@link #of}
 * @param words the concept's own tokens, columns of the attention maps; 0 is the start token
 * @param tokens those that attention is taken from
 */
record NamedPrompt(String text, NDArray encoded, List<Integer> words, List<Integer> tokens) {

  /**
   * Fills a template with a concept.
   *
   * @param endTokens whether attention is taken from the end token, too, and from the padding where
   *     that repeats it: SD 2.x pads with another token
   * @param scope a manager of the CPU
   * @throws org.realera.RealeraException as {@link ConceptPrompt#of} and {@link TextModel#encode}
   */
  static NamedPrompt of(
      String template, String concept, boolean endTokens, TextModel model, NDManager scope) {
    ConceptPrompt prompt = ConceptPrompt.of(template, concept, model.tokenizer());
    List<Integer> words =
        IntStream.range(prompt.span().start(), prompt.span().end()).boxed().toList();
    List<Integer> tokens = new ArrayList<>(words);
    if (endTokens) {
      long[] ids = prompt.tokens().ids();
      int end = prompt.tokens().length() - 1;
      IntStream.range(end, ids.length).filter(i -> ids[i] == ids[end]).forEach(tokens::add);
    }
    try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
      NDArray encoded = model.encode(List.of(prompt), inner).get(0);
      encoded.attach(scope);
      return new NamedPrompt(prompt.text(), encoded, words, List.copyOf(tokens));
    }
  }

  /** One image for each of so many turns, the prompts taking turns. */
  static List<String> texts(List<NamedPrompt> prompts, int images) {
    return IntStream.range(0, images)
        .mapToObj(i -> prompts.get(i % prompts.size()).text())
        .toList();
  }
}
