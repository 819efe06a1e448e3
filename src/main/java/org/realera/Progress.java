package org.realera;

/**
 * How far a piece of work is, and whether it shall stop: the one way for both, from a pull to an
 * erasure. Work is one task after another; calls come one at a time.
 */
public interface Progress {
  /** Nobody looks, and nobody stops it. */
  Progress NONE = new Progress() {};

  /**
   * A task begins; one that was not ended is over.
   *
   * @param task its title: {@code Align noise}
   * @param steps how many there will be; 1 for a task without steps
   */
  default void begin(String task, long steps) {}

  /**
   * Some steps are done.
   *
   * @param done how many in all, those of an earlier run included
   * @param note what there is to say about them: {@code loss 1.20e-03}; may be empty
   */
  default void step(long done, String note) {}

  /** Some steps are done, and there is nothing to say about them. */
  default void step(long done) {
    step(done, "");
  }

  /**
   * The task is over.
   *
   * @param summary what came of it, one line without a full stop: {@code 60 neighbors from 71
   *     draws}; empty where nobody need know
   */
  default void end(String summary) {}

  /** Something the user should know, one line. */
  default void note(String line) {}

  /** Whether the work shall stop; a signal may ask for it at any time. */
  default boolean stopRequested() {
    return false;
  }

  /**
   * Stops the work if that was asked for.
   *
   * @param left what is there now and how to go on, one line
   * @throws Stopped if a stop was asked for
   */
  default void check(String left) {
    if (stopRequested()) {
      throw new Stopped(left);
    }
  }
}
