package org.realera.eval.metrics;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What figures are made of, by which tables name them.
 *
 * @param of the space of a classifier's softmax, or what another scorer measures
 * @param top1 whether best labels are counted instead of probabilities
 * @param subtypes whether Acc_g is over subtypes instead of synonyms
 */
public record ViewName(String of, boolean top1, boolean subtypes) {
  /** The published protocol of a classifier: softmax over the classes. */
  public static final ViewName CLOSED_SET = new ViewName("closed set", false, false);

  /** Softmax over classes, anchor and scenes. */
  public static final ViewName OPEN_SET = new ViewName("open set", false, false);

  /** Whether it is of the classes alone, however it counts. */
  public boolean isClosedSet() {
    return of.equals(CLOSED_SET.of);
  }

  /** Whether it is of classes, anchor and scenes, however it counts. */
  public boolean isOpenSet() {
    return of.equals(OPEN_SET.of);
  }

  /** The same by best labels. */
  public ViewName ofTop1() {
    return new ViewName(of, true, subtypes);
  }

  /** The same over subtypes. */
  public ViewName ofSubtypes() {
    return new ViewName(of, top1, true);
  }

  /** As tables and files have it. */
  @JsonValue
  @Override
  public String toString() {
    return of + (top1 ? ", top-1" : "") + (subtypes ? ", subtypes" : "");
  }
}
