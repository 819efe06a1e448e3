package org.realera.text;

import org.realera.config.Template;

/**
 * A template filled with a concept, ready for the text encoder.
 *
 * @param concept the words in the slot
 * @param tokens the prompt's tokens; {@code tokens.ids()} goes to the encoder
 * @param span where the concept stands among them
 */
public record ConceptPrompt(String concept, Tokens tokens, ConceptSpan span) {

  /**
   * Fills a template.
   *
   * @throws org.realera.RealeraException (usage) if the concept is empty, is not a span of its
   *     prompt's tokens, or is cut off by the limit of 77; names the prompt and its tokens
   */
  public static ConceptPrompt of(String template, String concept, ClipTokenizer tokenizer) {
    ConceptSpan span = ConceptSpan.inTemplate(template, concept, tokenizer);
    Tokens tokens = tokenizer.tokenize(Template.fill(template, concept));
    return new ConceptPrompt(concept, tokens, span);
  }

  /** The prompt. */
  public String text() {
    return tokens.text();
  }
}
