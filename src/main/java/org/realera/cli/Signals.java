package org.realera.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an {@link Interruption}: the work stops after its current step,
 * saves what can be resumed and cleans up; then the JVM ends with 130 or 143, as it does by itself.
 */
final class Signals {
  /** A step of the full-size model takes seconds; batch systems kill after about 30. */
  private static final long PATIENCE_SECONDS = 25;

  private final Interruption interruption;
  private final Console console;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "signals");

  private Signals(Interruption interruption, Console console) {
    this.interruption = interruption;
    this.console = console;
  }

  /** Listens until released; the work must look at {@code interruption} between its steps. */
  static Signals into(Interruption interruption, Console console) {
    Signals signals = new Signals(interruption, console);
    Runtime.getRuntime().addShutdownHook(signals.hook);
    return signals;
  }

  private void stop() {
    interruption.request();
    console.note("stopping after this step ...");
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        console.note("the step takes too long: stopped in the midst of it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The work is over: lets a pending signal end the process. */
  void release() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook has done its part.
      return;
    }
  }
}
