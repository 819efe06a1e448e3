package org.realera.convert;

/** Hears how far a conversion is; stops it by throwing. */
@FunctionalInterface
public interface ConvertListener {
  /** Nobody listens. */
  ConvertListener NONE = (what, done, total) -> {};

  /**
   * A step is done.
   *
   * @param what the task, e.g. {@code Factor}
   * @param done steps of it
   * @param total how many there will be
   */
  void advanced(String what, int done, int total);
}
