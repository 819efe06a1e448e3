package org.realera.eval;

import java.util.List;

/**
 * What a scorer may call a picture.
 *
 * @param names the suite's classes, then the anchor and the scenes
 * @param closed how many of them are classes: the protocol's softmax goes over these alone, the
 *     open-set one over all
 */
public record Labels(List<String> names, int closed) {
  public Labels {
    names = List.copyOf(names);
  }

  int indexOf(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no label '" + name + "' among " + names);
    }
    return index;
  }
}
