package org.realera.config;

/** What a method that moves rows moves them to. */
public enum Guide {
  /** The anchor, as for every method: tables compare the same thing. */
  ANCHOR,

  /** The empty prompt in the anchor's place, as the published scripts do for objects. */
  EMPTY;

  /** The words to move to. */
  public String of(ConceptPair pair) {
    return this == EMPTY ? "" : pair.anchor();
  }
}
