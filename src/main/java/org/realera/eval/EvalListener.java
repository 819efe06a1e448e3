package org.realera.eval;

/** Hears how far an evaluation is; calls come from the thread that runs it. */
public interface EvalListener {
  /** Hears nothing. */
  EvalListener NONE = new EvalListener() {};

  /** A pass over images begins. */
  default void started(String task, long images) {}

  /** So many images of the pass are done, those that were there before included. */
  default void advanced(long images) {}

  /** The pass is over; one line about it. */
  default void finished(String summary) {}

  /** Something the user should know. */
  default void note(String line) {}

  /** Whether to stop; asked between two batches. */
  default boolean stop() {
    return false;
  }
}
