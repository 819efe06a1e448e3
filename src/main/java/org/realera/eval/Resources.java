package org.realera.eval;

import java.util.ArrayDeque;
import java.util.Deque;

/** Things to close together, last first. */
final class Resources implements AutoCloseable {
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  /** Takes something over and gives it back. */
  <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  @Override
  public void close() {
    IllegalStateException failure = null;
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        failure = failure == null ? new IllegalStateException("closing failed", e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
