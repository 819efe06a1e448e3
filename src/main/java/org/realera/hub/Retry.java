package org.realera.hub;

import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks again where that helps: how long to wait before, and when to give up. */
final class Retry {
  /** Attempts in a row that bring nothing new. */
  static final int MOST = 6;

  /** A hub that asks for more than this is not waited for. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final Pattern RATE_LIMIT_RESET = Pattern.compile("(?:^|[;,\\s])t=(\\d{1,9})\\b");

  private final HubErrors errors;
  private final Timing timing;
  private final PullMeter meter;

  /** One attempt at something. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException, InterruptedException;
  }

  /** Waits. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  /** Starts calling back; closing the result ends it. */
  @FunctionalInterface
  interface Ticker {
    Closeable start(Runnable tick);
  }

  /**
   * All that has to do with time.
   *
   * @param sleeper waits between two attempts
   * @param clock what time it is
   * @param ticker calls back about once a second while something is watched
   * @param answer how long the head of an answer may take
   */
  record Timing(Sleeper sleeper, Supplier<Instant> clock, Ticker ticker, Duration answer) {
    static final Duration ANSWER = Duration.ofSeconds(30);

    /** Real time. */
    static Timing live() {
      return new Timing(
          duration -> TimeUnit.MILLISECONDS.sleep(duration.toMillis()),
          Instant::now,
          Timing::tick,
          ANSWER);
    }

    private static Closeable tick(Runnable tick) {
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

  /** A failure that may be gone soon. */
  static final class Transient extends IOException {
    private static final long serialVersionUID = 1L;

    /** What the hub asked to wait, in milliseconds; 0 if it did not say. */
    private final long askedMillis;

    Transient(String message, Duration asked) {
      super(message);
      this.askedMillis = asked.toMillis();
    }
  }

  Retry(HubErrors errors, Timing timing, PullMeter meter) {
    this.errors = errors;
    this.timing = timing;
    this.meter = meter;
  }

  /**
   * Attempts something until it succeeds, fails for good, or has failed too often in a row. Waits
   * 1, 2, 4, 8, 16 s in between, or what the hub asked for if that is longer.
   *
   * @param what for messages
   * @param progress failures are counted anew whenever this has grown
   * @param patient whether to go on trying when the host is out of reach, as in the midst of a pull
   */
  <T> T persist(String what, Attempt<T> attempt, LongSupplier progress, boolean patient)
      throws InterruptedException {
    long before = progress.getAsLong();
    int failures = 0;
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        long now = progress.getAsLong();
        failures = now > before ? 1 : failures + 1;
        before = now;
        if (!patient && HubErrors.isOutOfReach(e)) {
          throw errors.outOfReach(e);
        }
        if (failures >= MOST) {
          throw errors.givenUp(what, e);
        }
        long asked = e instanceof Transient t ? t.askedMillis : 0;
        Duration wait = Duration.ofMillis(Math.max(asked, 1000L << Math.min(failures - 1, 4)));
        if (wait.compareTo(LONGEST) > 0) {
          throw errors.tooLong(what, wait);
        }
        meter.waiting(what, HubErrors.reason(e), wait);
        timing.sleeper().sleep(wait);
      }
    }
  }

  /** Whether a status may be another one soon. */
  static boolean worthwhile(int status) {
    return switch (status) {
      case 408, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  /**
   * What {@code Retry-After} (seconds or a date) asks for, or else {@code RateLimit}; the latter
   * stands in every answer of the hub, and means a wait only where the limit is reached (429).
   */
  Duration asked(int status, HttpHeaders headers) {
    Optional<String> after = headers.firstValue("Retry-After").map(String::strip);
    if (after.isPresent()) {
      if (after.get().matches("\\d{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(after.get()));
      }
      try {
        ZonedDateTime when = ZonedDateTime.parse(after.get(), DateTimeFormatter.RFC_1123_DATE_TIME);
        return Duration.between(timing.clock().get(), when.toInstant());
      } catch (DateTimeParseException e) {
        return Duration.ZERO;
      }
    }
    Matcher reset = RATE_LIMIT_RESET.matcher(headers.firstValue("RateLimit").orElse(""));
    return status == 429 && reset.find()
        ? Duration.ofSeconds(Long.parseLong(reset.group(1)))
        : Duration.ZERO;
  }
}
