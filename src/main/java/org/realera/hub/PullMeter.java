package org.realera.hub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.realera.Progress;
import org.realera.files.Sizes;

/** How far a pull is, how fast it goes and when it will be done; in megabytes. Any thread. */
class PullMeter {
  private static final String KEPT =
      "what has arrived is kept; run the same command again to go on";
  private static final long MB = 1_000_000;
  private static final long SECOND = 1_000_000_000L;

  /** The rate is that of the last so many seconds. */
  private static final long WINDOW = 15 * SECOND;

  private final Progress progress;
  private final String name;
  private final LongSupplier nanoClock;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private long total;
  private long began;
  private long before;
  private long bytes;

  private record Sample(long nanos, long bytes) {}

  /**
   * @param name of the model
   * @param nanoClock {@code System::nanoTime}, or a test's
   */
  PullMeter(Progress progress, String name, LongSupplier nanoClock) {
    this.progress = progress;
    this.name = name;
    this.nanoClock = nanoClock;
  }

  /** It is known what there is to fetch, and how much of it need not be fetched any more. */
  synchronized void started(int files, long all, long there) {
    total = all;
    before = there;
    bytes = there;
    String kept =
        there == 0 ? "" : there == all ? ", all here" : ", " + Sizes.text(there) + " here";
    note("%s: %s files, %s%s".formatted(name, files, Sizes.text(all), kept));
    progress.begin("Pull (MB)", Math.max(1, all / MB));
    began = nanoClock.getAsLong();
    samples.add(new Sample(began, there));
  }

  /**
   * Bytes have arrived; fewer than none if they were found damaged.
   *
   * @throws org.realera.Stopped if that was asked for; what has arrived is kept
   */
  synchronized void arrived(long more) {
    progress.check(KEPT);
    bytes += more;
    long now = nanoClock.getAsLong();
    Sample last = samples.peekLast();
    if (last == null || now - last.nanos() >= SECOND / 4) {
      samples.add(new Sample(now, bytes));
      while (samples.size() > 2 && now - samples.getFirst().nanos() > WINDOW) {
        samples.removeFirst();
      }
    }
    progress.step(bytes / MB, rate());
    if (bytes == total && before < total) {
      progress.end("");
      note(
          String.format(
              Locale.ROOT,
              "%s: %s in %.1f s",
              name,
              Sizes.text(total - before),
              (now - began) / 1e9));
      before = total;
    }
  }

  /** {@code 35 MB/s, 1:20 left}; empty as long as nothing is known. */
  private String rate() {
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long nanos = last.nanos() - first.nanos();
    long came = last.bytes() - first.bytes();
    if (nanos < SECOND / 2 || came <= 0) {
      return "";
    }
    double perSecond = came * (double) SECOND / nanos;
    long left = Math.round((total - bytes) / perSecond);
    return "%s/s, %s left".formatted(Sizes.text(Math.round(perSecond)), clock(left));
  }

  private static String clock(long seconds) {
    return seconds >= 3600
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  /** An attempt has failed, and the next one follows after a while. */
  synchronized void waiting(String what, String why, Duration wait) {
    progress.check(KEPT);
    note("%s: %s; again in %s s".formatted(what, why, wait.toSeconds()));
  }

  void waitingForOther(String file) {
    note(file + " is being fetched by another process: waiting for it");
  }

  synchronized void note(String line) {
    progress.note(line);
  }
}
