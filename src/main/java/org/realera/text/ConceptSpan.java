package org.realera.text;

import java.util.Collections;
import java.util.List;
import org.realera.RealeraException;
import org.realera.config.Template;

/**
 * Where a concept stands among the 77 tokens of its prompt (rows from the concept's first token on
 * take part in the erasure).
 *
 * @param start position of the concept's first token; 0 is the start token
 * @param length how many tokens the concept takes, at least 1
 */
public record ConceptSpan(int start, int length) {

  /** Words that fit between start and end token. */
  private static final int ROOM = ClipTokenizer.SEQUENCE_LENGTH - 2;

  /** Position of the first token after the concept. */
  public int end() {
    return start + length;
  }

  /**
   * Finds a concept in any prompt; if it occurs more than once, the last place counts.
   *
   * @throws RealeraException (usage) if the concept is empty, is not a span of the prompt's tokens,
   *     or is cut off by the limit of 77
   */
  public static ConceptSpan find(Tokens prompt, String concept, ClipTokenizer tokenizer) {
    List<Long> ids = tokenizer.ids(prompt.text());
    List<Long> words = words(concept, tokenizer);
    int at = Collections.lastIndexOfSubList(ids, words);
    return checked(prompt.text(), concept, ids, at, words.size(), tokenizer);
  }

  /**
   * Finds a concept where its template puts it, even if the template's own words name it too.
   *
   * @throws RealeraException (usage) as {@link #find}
   */
  static ConceptSpan inTemplate(String template, String concept, ClipTokenizer tokenizer) {
    String text = Template.fill(template, concept);
    List<Long> ids = tokenizer.ids(text);
    List<Long> words = words(concept, tokenizer);
    String before = template.substring(0, template.indexOf(Template.SLOT));
    int at = tokenizer.ids(before).size();
    boolean there =
        at + words.size() <= ids.size() && ids.subList(at, at + words.size()).equals(words);
    return checked(text, concept, ids, there ? at : -1, words.size(), tokenizer);
  }

  private static List<Long> words(String concept, ClipTokenizer tokenizer) {
    List<Long> words = tokenizer.ids(concept);
    if (words.isEmpty()) {
      throw RealeraException.usage(
          "the concept \"" + concept + "\" has no tokens", "Name the concept with words.");
    }
    return words;
  }

  private static ConceptSpan checked(
      String text, String concept, List<Long> ids, int at, int length, ClipTokenizer tokenizer) {
    String where = "the concept \"" + concept + "\" in its prompt \"" + shortened(text) + "\"";
    if (at < 0) {
      throw RealeraException.usage(
          where + " is not a span of the prompt's tokens: " + shortened(tokenizer.show(ids)),
          "Set it off with blanks, as in \"a photo of the {}\"");
    }
    if (at + length > ROOM) {
      throw RealeraException.usage(
          where
              + String.format(
                  " is cut off: it takes tokens %s to %s, the text encoder reads %s: %s",
                  at + 1, at + length, ROOM, shortened(tokenizer.show(ids))),
          "Shorten the concept or the template.");
    }
    return new ConceptSpan(at + 1, length);
  }

  /** Long prompts by their two ends. */
  private static String shortened(String text) {
    return text.length() <= 200
        ? text
        : text.substring(0, 120) + " ... " + text.substring(text.length() - 70);
  }
}
