package org.realera;

import org.jspecify.annotations.Nullable;

/**
 * An error that a fresh start mends, at the price of what is there: a model, or a run's saved
 * steps. Its remedy names {@code --force}; a command without that option has to give its own.
 */
public final class NeedsForce extends RealeraException {
  private static final long serialVersionUID = 1L;

  /** As {@link RealeraException}. */
  public NeedsForce(Kind kind, String message, String remedy) {
    this(kind, message, remedy, null);
  }

  /** As {@link RealeraException}. */
  public NeedsForce(Kind kind, String message, String remedy, @Nullable Throwable cause) {
    super(kind, message, remedy, cause);
  }

  @Override
  public NeedsForce saying(String message, @Nullable Throwable cause) {
    return new NeedsForce(kind(), message, remedy(), cause);
  }
}
