package org.realera.cli;

/**
 * Shows how far a command is: one task after another, each with a number of steps. Two forms: a bar
 * on a terminal, a line every few seconds in a log.
 */
interface Display extends AutoCloseable {

  /** The form that fits the console. */
  static Display on(Console console) {
    return console.columns() > 0
        ? new BarDisplay(console.err(), console.columns())
        : new LineDisplay(console.err(), System::nanoTime);
  }

  /**
   * A task begins; one that is still shown is over.
   *
   * @param steps how many there will be; 1 for a task without steps
   */
  void begin(String task, long steps);

  /**
   * Some steps are done.
   *
   * @param done how many in all
   * @param note what there is to say about it, e.g. the loss; may be empty
   */
  void advance(long done, String note);

  /**
   * The task is over; its bar goes.
   *
   * @return how long it took, for people: {@code 2.1 s}
   */
  String end();

  /** A line that has nothing to do with a task's progress. */
  void note(String line);

  /** Takes away what is shown of a task that was not ended. */
  @Override
  void close();
}
