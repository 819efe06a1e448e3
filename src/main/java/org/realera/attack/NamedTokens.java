package org.realera.attack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import org.realera.files.ModelText;
import org.realera.text.ClipTokenizer;
import org.realera.text.WholeWords;

/**
 * A prompt's tokens, and which of them name the concept.
 *
 * @param ids of its words
 * @param names of each token: which mention of the concept it is part of, counted from 1; 0 for
 *     none
 */
record NamedTokens(List<Long> ids, List<Integer> names) {

  /** Finds the concept as whole words, in the singular or a plural, in letters of any case. */
  static NamedTokens of(String prompt, String concept, ClipTokenizer tokenizer) {
    List<Long> ids = new ArrayList<>();
    List<Integer> names = new ArrayList<>();
    String read = ModelText.apart(prompt);
    Matcher mention = WholeWords.anyOrPlural(List.of(concept)).in(read);
    int from = 0;
    for (int i = 1; mention.find(); i++) {
      add(ids, names, tokenizer.ids(read.substring(from, mention.start())), 0);
      add(ids, names, tokenizer.ids(mention.group()), i);
      from = mention.end();
    }
    add(ids, names, tokenizer.ids(read.substring(from)), 0);
    List<Long> whole = tokenizer.ids(prompt);
    // One that the tokenizer splits otherwise, such as a part of "c++", has no tokens of its own.
    return ids.equals(whole)
        ? new NamedTokens(ids, names)
        : new NamedTokens(whole, Collections.nCopies(whole.size(), 0));
  }

  private static void add(List<Long> ids, List<Integer> names, List<Long> more, int name) {
    ids.addAll(more);
    names.addAll(Collections.nCopies(more.size(), name));
  }
}
