package org.realera.erase;

import java.util.OptionalDouble;
import org.realera.method.Stage;

/**
 * Hears how far an erasure is. Calls come from the thread that runs it, stages one after another,
 * each with one {@code started} and, unless the run fails, one {@code finished}.
 */
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE = new ProgressListener() {};

  /**
   * A stage begins.
   *
   * @param steps how many steps there will be, 1 for a stage that has no steps
   */
  default void started(Stage stage, long steps) {}

  /**
   * A step is done.
   *
   * @param done steps done so far, from 1 (higher on the first call of a resumed run)
   * @param loss the step's loss, where it has one
   */
  default void advanced(Stage stage, long done, OptionalDouble loss) {}

  /**
   * A stage is over.
   *
   * @param summary what came of it, one line without a full stop: {@code 60 neighbors from 71
   *     draws}
   */
  default void finished(Stage stage, String summary) {}

  /** Something the user should know, one line: what a choice left to us was decided to be. */
  default void note(String line) {}
}
