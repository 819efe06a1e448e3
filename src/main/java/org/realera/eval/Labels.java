package org.realera.eval;

import java.util.List;

/**
 * What a scorer says of a picture, a number for each: for a classifier, what it may call it.
 *
 * @param names of a classifier, the suite's classes, then the anchor and the scenes; of any other
 *     scorer, its columns
 * @param closed how many of them are classes: the protocol's softmax goes over these alone, the
 *     open-set one over all; 0 if the scorer is no classifier
 */
public record Labels(List<String> names, int closed) {
  public Labels {
    names = List.copyOf(names);
  }

  boolean isClassifier() {
    return closed > 0;
  }

  int indexOf(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no label '" + name + "' among " + names);
    }
    return index;
  }
}
