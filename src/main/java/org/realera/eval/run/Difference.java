package org.realera.eval.run;

import java.util.Objects;
import java.util.Optional;
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
}
