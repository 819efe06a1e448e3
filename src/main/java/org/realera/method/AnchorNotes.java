package org.realera.method;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.text.ClipTokenizer;

/**
 * What is odd about anchors: a concept becomes what the model draws for its anchor, so that an
 * anchor which is erased itself, or has the concept in it, gives part of the concept back.
 * Published scripts take such anchors, so they are told of and not refused.
 */
final class AnchorNotes {
  private AnchorNotes() {}

  /** At most one line of each kind; none of a method in which the anchor has no part. */
  static List<String> of(EraseRecipe recipe, ClipTokenizer tokenizer) {
    if (!recipe.settings().readsAnchors()) {
      return List.of();
    }
    List<List<Long>> concepts =
        recipe.concepts().stream().map(pair -> tokenizer.ids(pair.concept())).toList();
    List<String> own = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (int i = 0; i < concepts.size(); i++) {
      ConceptPair pair = recipe.concepts().get(i);
      List<Long> anchor = tokenizer.ids(pair.anchor());
      if (contains(anchor, concepts.get(i))) {
        own.add(
            "the anchor \"%s\" contains the concept \"%s\": much of the concept may stay"
                .formatted(pair.anchor(), pair.concept()));
      }
      int self = concepts.indexOf(anchor);
      int other = self >= 0 ? self : held(anchor, concepts, i);
      if (other >= 0 && other != i) {
        String line =
            self >= 0
                ? "the anchor \"%s\" of \"%s\" is erased itself, as \"%s\""
                : "the anchor \"%s\" of \"%s\" has \"%s\" in it, which is erased too";
        others.add(
            line.formatted(pair.anchor(), pair.concept(), recipe.concepts().get(other).concept()));
      }
    }
    List<String> notes = new ArrayList<>();
    ManyAlike.note(own, "anchors").ifPresent(notes::add);
    ManyAlike.note(others, "anchors").ifPresent(notes::add);
    return List.copyOf(notes);
  }

  /** The first concept that an anchor has in it, other than its own; -1 if there is none. */
  private static int held(List<Long> anchor, List<List<Long>> concepts, int own) {
    for (int k = 0; k < concepts.size(); k++) {
      if (k != own && contains(anchor, concepts.get(k))) {
        return k;
      }
    }
    return -1;
  }

  private static boolean contains(List<Long> anchor, List<Long> concept) {
    return Collections.indexOfSubList(anchor, concept) >= 0;
  }
}
