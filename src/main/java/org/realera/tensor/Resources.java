package org.realera.tensor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Things to close together, last first: networks before the files that they are mapped from. */
public final class Resources implements AutoCloseable {
  private final Deque<Runnable> owned = new ArrayDeque<>();

  /**
   * Makes something that owns what it was made of; if that fails, by whatever, all of it is closed.
   *
   * @param body opens what it needs through the resources given, and hands them to what it makes
   */
  public static <T> T load(Function<Resources, T> body) {
    Resources resources = new Resources();
    try {
      return body.apply(resources);
    } catch (RuntimeException | Error e) {
      try {
        resources.close();
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /**
   * Takes something over and gives it back.
   *
   * @param close closes it, e.g. {@code Weights::close}
   */
  public <T> T own(T resource, Consumer<? super T> close) {
    owned.push(() -> close.accept(resource));
    return resource;
  }

  /**
   * Closes all of them, whatever happens to some.
   *
   * @throws RuntimeException the first that a closing threw, with the others suppressed
   */
  @Override
  public void close() {
    @Nullable RuntimeException first = null;
    while (!owned.isEmpty()) {
      try {
        owned.pop().run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
