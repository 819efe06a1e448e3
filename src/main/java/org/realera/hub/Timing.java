package org.realera.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * All that has to do with time; tests put their own in its place.
 *
 * @param sleeper waits between two attempts
 * @param clock what time it is
 * @param ticker calls back about once a second while something is watched
 */
record Timing(Sleeper sleeper, Supplier<Instant> clock, Ticker ticker) {

  /** Waits. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  /** Starts calling back; closing the result ends it. */
  @FunctionalInterface
  interface Ticker {
    Handle start(Runnable tick);
  }

  /** Something that can be ended. */
  @FunctionalInterface
  interface Handle extends AutoCloseable {
    @Override
    void close();
  }

  /** Real time. */
  static Timing live() {
    return new Timing(
        duration -> TimeUnit.MILLISECONDS.sleep(duration.toMillis()), Instant::now, Timing::tick);
  }

  private static Handle tick(Runnable tick) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "hub-watch");
              thread.setDaemon(true);
              return thread;
            });
    var unused = timer.scheduleAtFixedRate(tick, 1, 1, TimeUnit.SECONDS);
    return timer::shutdownNow;
  }
}
