package org.realera.eval.suite;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What a scorer says of an image, a number for each: for a classifier, what it may call it.
 *
 * @param names of a classifier, the suite's classes, then the anchor and the scenes; of any other
 *     scorer, its columns
 * @param closed how many of them are classes: the protocol's softmax goes over these alone, the
 *     open-set one over all; 0 if the scorer is no classifier
 */
public record Labels(List<String> names, int closed) {
  /** What the celebrity detector says of an image, as columns of {@code images.csv}. */
  public static final List<String> CELEBRITY = List.of("faces", "right", "probability");

  /** What a CLIP score is called there. */
  static final List<String> CLIP_SCORE = List.of("clip_score");

  public Labels {
    names = List.copyOf(names);
  }

  /** Whether the names are classes, not columns. */
  @JsonIgnore
  public boolean isClassifier() {
    return closed > 0;
  }

  /**
   * The place of a name.
   *
   * @throws IllegalArgumentException if it is not among them
   */
  public int indexOf(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no label '" + name + "' among " + names);
    }
    return index;
  }
}
