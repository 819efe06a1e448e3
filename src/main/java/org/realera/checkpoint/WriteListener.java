package org.realera.checkpoint;

/** Hears how far the writing of a model is; stops it by throwing, and then nothing is written. */
@FunctionalInterface
public interface WriteListener {
  /** Nobody listens. */
  WriteListener NONE = (what, done, total) -> {};

  /**
   * A file or a tensor is about to be written.
   *
   * @param what the task, e.g. {@code Write unet}
   * @param done how many of them are written
   * @param total how many there will be
   */
  void advanced(String what, int done, int total);
}
