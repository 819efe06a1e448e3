package org.realera.hub;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long to wait before asking again, and when to give up. */
final class Retry {
  /** Attempts in a row that bring nothing new. */
  static final int MOST = 6;

  /** A hub that asks for more than this is not waited for. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private static final Pattern RATE_LIMIT_RESET = Pattern.compile("(?:^|[;,\\s])t=(\\d{1,9})\\b");

  private Retry() {}

  /** Whether a status may be another one soon. */
  static boolean worthwhile(int status) {
    return switch (status) {
      case 408, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  /**
   * The wait after a failure: 1, 2, 4, 8, 16 s, or what the hub asked for if that is longer.
   *
   * @param failures in a row, from 1
   */
  static Duration wait(int failures, Optional<Duration> asked) {
    Duration own = Duration.ofSeconds(1L << Math.min(failures - 1, 4));
    return asked.filter(a -> a.compareTo(own) > 0).orElse(own);
  }

  /**
   * What {@code Retry-After} (seconds or a date) asks for, or else {@code RateLimit}; the latter
   * stands in every answer of the hub, and means a wait only where the limit is reached (429).
   */
  static Optional<Duration> asked(int status, HttpHeaders headers, Instant now) {
    Optional<String> after = headers.firstValue("Retry-After").map(String::strip);
    if (after.isPresent()) {
      if (after.get().matches("\\d{1,9}")) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(after.get())));
      }
      try {
        ZonedDateTime when = ZonedDateTime.parse(after.get(), DateTimeFormatter.RFC_1123_DATE_TIME);
        Duration wait = Duration.between(now, when.toInstant());
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }
    if (status != 429) {
      return Optional.empty();
    }
    Matcher reset = RATE_LIMIT_RESET.matcher(headers.firstValue("RateLimit").orElse(""));
    return reset.find()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(reset.group(1))))
        : Optional.empty();
  }
}
