package org.realera.training;

import java.util.function.Supplier;

/**
 * A task under way: it is told how far it is, and stops between two steps. Whoever begins it closes
 * it; a task that was not ended by then has failed, or was stopped.
 */
public interface Task extends AutoCloseable {
  /** A step is done, of a task that saves its state and stops by {@link #stopIfAsked}. */
  void step(long done, double loss);

  /** It is over, with one line of what came of it: {@code 60 neighbors from 71 draws}. */
  void end(String summary);

  /** Whether the work shall stop. */
  boolean stopRequested();

  /** Says what is saved from now on, for whoever stops the run, in this task or a later one. */
  void saved(String what);

  /**
   * Stops the work, and says what is saved.
   *
   * @throws RuntimeException always
   */
  void stop();

  /**
   * Saves and stops, if that was asked for.
   *
   * @param save saves what there is
   * @param saved says what that is
   * @throws RuntimeException if a stop was asked for, once the state is saved
   */
  default void stopIfAsked(Runnable save, Supplier<String> saved) {
    if (stopRequested()) {
      save.run();
      saved(saved.get());
      stop();
    }
  }

  /** Leaves it; says nothing, and never fails. */
  @Override
  void close();
}
