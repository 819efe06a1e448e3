package org.realera.method;

import java.util.ArrayList;
import java.util.List;
import org.realera.config.EraseRecipe;
import org.realera.config.Quotes;

/**
 * Texts that may be meant as a list: other programs split at commas or semicolons, and quotes come
 * along with what is pasted. Names have commas, too, so that they are told of and not refused.
 */
final class PhraseNotes {
  private PhraseNotes() {}

  /** At most one line of each kind. */
  static List<String> of(EraseRecipe recipe) {
    List<String> lists = new ArrayList<>();
    List<String> quoted = new ArrayList<>();
    for (String text : recipe.texts()) {
      if (Quotes.enclose(text)) {
        quoted.add(text + " is read with its quotes: leave them out if they are no part of it");
      } else if (text.contains(",") || text.contains(";")) {
        lists.add(
            "\"%s\" is taken as one phrase: of several, give each an option or a line of its own"
                .formatted(text));
      }
    }
    List<String> notes = new ArrayList<>();
    ManyAlike.note(lists, "texts").ifPresent(notes::add);
    ManyAlike.note(quoted, "texts").ifPresent(notes::add);
    return List.copyOf(notes);
  }
}
