package org.realera.hub;

import java.time.Duration;

/** Hears how a pull goes; called by one thread at a time, but not always the same. */
public interface PullListener {
  /** Nobody listens. */
  PullListener NONE = new PullListener() {};

  /**
   * It is known what there is to fetch.
   *
   * @param bytes of all files
   * @param there how many of them need not be fetched any more
   */
  default void started(int files, long bytes, long there) {}

  /**
   * Bytes have arrived, or were found damaged and taken back. May throw to end the pull; what has
   * arrived is kept.
   *
   * @param bytes that are there now, of all files
   */
  default void advanced(long bytes) {}

  /** An attempt has failed, and the next one follows after a while. */
  default void waiting(String what, String why, Duration wait) {}

  /** Something that is worth a line. */
  default void note(String line) {}
}
