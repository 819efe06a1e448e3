package org.realera.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.realera.files.PlainText;

/** For a terminal: a bar while a task runs, and nothing when it is over. */
final class BarDisplay implements Display {
  private static final int REFRESH_MILLIS = 200;

  private final PrintStream err;
  private final int width;
  private @Nullable ProgressBar bar;
  private @Nullable Screen screen;
  private long began;

  /**
   * @param columns the terminal's width; asking for it here would start a native library
   */
  BarDisplay(PrintStream err, int columns) {
    // The bar goes back to the start of its line, so what it shows is made plain here.
    this.err = err instanceof PlainPrinter plain ? plain.raw() : err;
    this.width = Math.max(20, columns - 1);
  }

  @Override
  public void begin(String task, long steps) {
    close();
    began = System.nanoTime();
    screen = new Screen(err, width);
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(PlainText.line(task))
            .setInitialMax(steps > 1 ? steps : -1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REFRESH_MILLIS)
            .setConsumer(screen)
            .continuousUpdate();
    bar = builder.build();
  }

  @Override
  public void advance(long done, String note) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(PlainText.line(note));
    }
  }

  @Override
  public String end() {
    close();
    return LineDisplay.seconds(System.nanoTime() - began);
  }

  @Override
  public void note(String line) {
    if (bar != null) {
      bar.pause();
      clearLine();
      err.println(PlainText.of(line));
      bar.resume();
    } else {
      err.println(PlainText.of(line));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close(); // draws once more
      bar = null;
      if (screen != null) {
        screen.stop();
      }
      clearLine();
    }
  }

  /** Where a bar is drawn; its timer's thread may be at it still when the bar is closed. */
  static final class Screen extends ConsoleProgressBarConsumer {
    private boolean over;

    Screen(PrintStream err, int width) {
      super(err, width);
    }

    @Override
    public synchronized void accept(String text) {
      if (!over) {
        super.accept(text);
      }
    }

    /** Breaks no line, as the library would: the bar is wiped from the one that it is in. */
    @Override
    public void close() {
      // What is on the terminal is BarDisplay.close's.
    }

    /** Nothing is drawn after this. */
    synchronized void stop() {
      over = true;
    }
  }

  private void clearLine() {
    err.print("\r" + " ".repeat(width) + "\r");
    err.flush();
  }
}
