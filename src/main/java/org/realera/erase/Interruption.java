package org.realera.erase;

/**
 * A request to stop, made by another thread (a signal handler) and honoured between steps, once the
 * state is saved.
 */
public final class Interruption {
  /** Thrown by the run when it has stopped as asked; what it left can be continued. */
  public static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was saved and how to go on, one line
     */
    public StoppedException(String message) {
      super(message);
    }
  }

  private volatile boolean requested;

  /** Asks the run to stop; any thread, any number of times. */
  public void request() {
    requested = true;
  }

  public boolean requested() {
    return requested;
  }

  /**
   * Stops the run if that was asked for.
   *
   * @param message what was saved and how to go on, one line
   * @throws StoppedException if a stop was asked for
   */
  public void check(String message) {
    if (requested) {
      throw new StoppedException(message);
    }
  }
}
