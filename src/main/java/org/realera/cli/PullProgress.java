package org.realera.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.realera.erase.Interruption;
import org.realera.hub.PullListener;

/** Shows how far a pull is, how fast it goes and when it will be done; in megabytes. */
final class PullProgress implements PullListener {
  private static final long MB = 1_000_000;
  private static final long SECOND = 1_000_000_000L;

  /** The rate is that of the last so many seconds. */
  private static final long WINDOW = 15 * SECOND;

  private final Progress progress;
  private final String name;
  private final LongSupplier nanoClock;
  private final Interruption interruption;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private long total;
  private long before;

  private record Sample(long nanos, long bytes) {}

  /**
   * @param name of the model
   * @param nanoClock {@code System::nanoTime}, or a test's
   */
  PullProgress(Progress progress, String name, LongSupplier nanoClock, Interruption interruption) {
    this.progress = progress;
    this.name = name;
    this.nanoClock = nanoClock;
    this.interruption = interruption;
  }

  @Override
  public void started(int files, long bytes, long there) {
    total = bytes;
    before = there;
    String kept = there == 0 ? "" : there == bytes ? ", all here" : ", " + size(there) + " here";
    note("%s: %d files, %s%s".formatted(name, files, size(bytes), kept));
    progress.begin("Pull (MB)", Math.max(1, bytes / MB));
    samples.add(new Sample(nanoClock.getAsLong(), there));
  }

  @Override
  public void advanced(long bytes) {
    interruption.check("what has arrived is kept; run the same command again to go on");
    long now = nanoClock.getAsLong();
    Sample last = samples.peekLast();
    if (last == null || now - last.nanos() >= SECOND / 4) {
      samples.add(new Sample(now, bytes));
      while (samples.size() > 2 && now - samples.getFirst().nanos() > WINDOW) {
        samples.removeFirst();
      }
    }
    progress.advance(bytes / MB, rate(bytes));
    if (bytes == total && before < total) {
      String time = progress.end();
      note("%s: %s in %s".formatted(name, size(total - before), time));
      before = total;
    }
  }

  /** {@code 35 MB/s, 1:20 left}; empty as long as nothing is known. */
  private String rate(long bytes) {
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long nanos = last.nanos() - first.nanos();
    long came = last.bytes() - first.bytes();
    if (nanos < SECOND / 2 || came <= 0) {
      return "";
    }
    double perSecond = came * (double) SECOND / nanos;
    long left = Math.round((total - bytes) / perSecond);
    return "%s/s, %s left".formatted(size(Math.round(perSecond)), clock(left));
  }

  private static String clock(long seconds) {
    return seconds >= 3600
        ? "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60)
        : "%d:%02d".formatted(seconds / 60, seconds % 60);
  }

  /** {@code 4.27 GB}, {@code 35 MB}, {@code 12 kB}. */
  static String size(long bytes) {
    if (bytes >= 1000 * MB) {
      return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
    return bytes >= MB
        ? String.format(Locale.ROOT, "%.0f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.0f kB", Math.ceil(bytes / 1e3));
  }

  @Override
  public void waiting(String what, String why, Duration wait) {
    interruption.check("what has arrived is kept; run the same command again to go on");
    note("%s: %s; again in %d s".formatted(what, why, wait.toSeconds()));
  }

  @Override
  public void note(String line) {
    progress.note("realera: " + line);
  }
}
