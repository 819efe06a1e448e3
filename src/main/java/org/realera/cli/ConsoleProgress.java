package org.realera.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;

/** Shows how far a command's work is, says what came of each task, and lets a signal stop it. */
final class ConsoleProgress implements Progress, AutoCloseable {
  private final Display display;
  private final Interruption interruption;
  private final @Nullable PrintStream results;
  private String task = "";

  /**
   * @param results where it says what came of a task, or null for the log
   */
  ConsoleProgress(Display display, Interruption interruption, @Nullable PrintStream results) {
    this.display = display;
    this.interruption = interruption;
    this.results = results;
  }

  /** What came of a task stands in the log. */
  ConsoleProgress(Display display, Interruption interruption) {
    this(display, interruption, null);
  }

  @Override
  public void begin(String name, long steps) {
    task = name;
    display.begin(name, steps);
  }

  @Override
  public void step(long done, String note) {
    display.advance(done, note);
  }

  @Override
  public void end(String summary) {
    String time = display.end();
    if (summary.isEmpty()) {
      return;
    }
    String line = task + ": " + summary + " (" + time + ")";
    if (results == null) {
      note(line);
    } else {
      results.println(line);
    }
  }

  @Override
  public void note(String line) {
    display.note("realera: " + line);
  }

  @Override
  public void close() {
    display.close();
  }

  @Override
  public boolean stopRequested() {
    return interruption.requested();
  }
}
