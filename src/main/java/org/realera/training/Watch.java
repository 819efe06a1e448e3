package org.realera.training;

/** Whoever watches a training is told of every step, and may stop it between two. */
public interface Watch {
  /** A step is done. */
  void step(long done, double loss);

  /** Whether the training should save its state and throw {@link #stopped}. */
  boolean stopRequested();

  /** Says what is saved from now on. */
  void saved(String what);

  /** Stops as asked, once the state is saved. */
  RuntimeException stopped();
}
