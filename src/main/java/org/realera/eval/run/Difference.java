package org.realera.eval.run;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** In what two runs differ, in words. */
public final class Difference {
  private Difference() {}

  /** {@code samples 10 there, 20 here}; empty where both are the same. */
  public static Optional<String> differ(
      String what, @Nullable Object theirs, @Nullable Object ours) {
    boolean same = Objects.equals(theirs, ours);
    return same ? Optional.empty() : Optional.of(what + " " + theirs + " there, " + ours + " here");
  }

  /**
   * The same of what is too long to be said whole.
   *
   * @param brief how it is said
   */
  public static <T> Optional<String> differ(
      String what, T theirs, T ours, Function<T, String> brief) {
    return theirs.equals(ours)
        ? Optional.empty()
        : Optional.of(what + " " + brief.apply(theirs) + " there, " + brief.apply(ours) + " here");
  }
}
