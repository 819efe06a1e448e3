package org.realera.tensor;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.realera.RealeraException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work in batches that are halved whenever memory runs out, so that a smaller GPU takes longer
 * instead of failing. What was found to fit is kept for the batches that follow.
 */
public final class Batches {
  private static final Logger LOG = LoggerFactory.getLogger(Batches.class);

  /** Latent positions: an image of 512 x 512, or sixteen of the pocket model. */
  private static final long CPU_POSITIONS = 64 * 64;

  private static final long GPU_POSITIONS = 8 * CPU_POSITIONS;

  private final String things;
  private final Consumer<String> told;
  private int most = Integer.MAX_VALUE;

  /**
   * @param things what is worked on, in the plural, e.g. {@code pictures}
   */
  public Batches(String things) {
    this(things, LOG::warn);
  }

  Batches(String things, Consumer<String> told) {
    this.things = things;
    this.told = told;
  }

  /**
   * How many latents to begin with on a device, before anything is known of its memory.
   *
   * @param positions of each, height times width
   * @return 1 or more
   */
  public static int suiting(Device device, long positions) {
    long budget = device.isGpu() ? GPU_POSITIONS : CPU_POSITIONS;
    return (int) Math.max(1, budget / Math.max(1, positions));
  }

  /**
   * Cuts a list into parts of one size, the last of what is left.
   *
   * @param size 1 or more
   * @return views of the list, in order; none of an empty list
   */
  public static <T> List<List<T>> parts(List<T> items, int size) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < items.size(); from += size) {
      parts.add(items.subList(from, Math.min(items.size(), from + size)));
    }
    return parts;
  }

  /**
   * Works on all items, in order, as many at a time as fit.
   *
   * @param work is called again with fewer items when it runs out of memory, and must leave nothing
   *     behind when that happens
   * @throws RealeraException (resources) when not even one fits
   */
  public <T> void run(List<T> items, Consumer<List<T>> work) {
    int from = 0;
    while (from < items.size()) {
      int size = Math.min(most, items.size() - from);
      try {
        work.accept(items.subList(from, from + size));
        from += size;
      } catch (RuntimeException e) {
        if (size == 1 || !EngineErrors.isOutOfMemory(e)) {
          throw EngineErrors.isOutOfMemory(e) ? EngineErrors.notEvenOne(things, e) : e;
        }
        most = size / 2;
        told.accept(
            "out of memory with %s %s at a time: going on with %s".formatted(size, things, most));
      }
    }
  }
}
