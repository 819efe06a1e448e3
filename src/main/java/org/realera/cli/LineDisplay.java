package org.realera.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** For a batch log: plain lines, at most one every few seconds for a task's steps. */
final class LineDisplay implements Display {
  private static final long INTERVAL_NANOS = 5_000_000_000L;

  private final PrintStream err;
  private final LongSupplier nanoClock;
  private String task = "";
  private long steps;
  private long began;
  private long lastLine;

  /**
   * @param nanoClock {@code System::nanoTime}, or a test's
   */
  LineDisplay(PrintStream err, LongSupplier nanoClock) {
    this.err = err;
    this.nanoClock = nanoClock;
  }

  @Override
  public void begin(String newTask, long count) {
    task = newTask;
    steps = count;
    began = nanoClock.getAsLong();
    lastLine = began;
  }

  @Override
  public void advance(long done, String note) {
    long now = nanoClock.getAsLong();
    if (now - lastLine < INTERVAL_NANOS) {
      return;
    }
    lastLine = now;
    String tail = note.isEmpty() ? "" : ", " + note;
    err.println(task + ": " + done + "/" + steps + " (" + seconds(now - began) + tail + ")");
  }

  @Override
  public String end() {
    return seconds(nanoClock.getAsLong() - began);
  }

  @Override
  public void note(String line) {
    err.println(line);
  }

  @Override
  public void close() {
    err.flush();
  }

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
