package org.realera.cli;

/**
 * A request to stop, made by another thread (a signal handler) and honoured between steps, once the
 * state is saved.
 */
final class Interruption {
  private volatile boolean requested;

  /** Asks the run to stop; any thread, any number of times. */
  void request() {
    requested = true;
  }

  boolean requested() {
    return requested;
  }
}
