package org.realera.method;

import java.util.List;
import java.util.Optional;

/** One note for many things of a kind: a list of a thousand names shall not fill the screen. */
final class ManyAlike {
  private ManyAlike() {}

  /**
   * The first sentence, and how many more there are.
   *
   * @param kind what they are of, in the plural
   * @return empty for none
   */
  static Optional<String> note(List<String> sentences, String kind) {
    int more = sentences.size() - 1;
    return sentences.stream()
        .findFirst()
        .map(first -> first + (more == 0 ? "" : " (and " + more + " more such " + kind + ")"));
  }
}
