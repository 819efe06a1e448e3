package org.realera.hub;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A body that fails once nothing has come for a while: a request's own timeout ends where its
 * headers do. Closing it closes the body and ends the watch.
 */
final class StallWatch extends InputStream {
  /** A connection that brings nothing for so many ticks, i.e. seconds, is given up. */
  static final int TICKS = 30;

  private final InputStream body;
  private final Timing.Handle ticking;
  private final AtomicLong received = new AtomicLong();
  private volatile boolean stalled;
  private long before;
  private int idle;

  /** Why a body that fell silent can't be read. */
  static final class Stalled extends IOException {
    private static final long serialVersionUID = 1L;

    Stalled(IOException cause) {
      super("nothing came for %d seconds".formatted(TICKS), cause);
    }
  }

  StallWatch(InputStream body, Timing.Ticker ticker) {
    this.body = body;
    this.ticking = ticker.start(this::tick);
  }

  private synchronized void tick() {
    long now = received.get();
    idle = now == before ? idle + 1 : 0;
    before = now;
    if (idle >= TICKS && !stalled) {
      stalled = true;
      try {
        body.close();
      } catch (IOException e) {
        return; // the reader fails all the same
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    try {
      int n = body.read(bytes, from, length);
      received.addAndGet(Math.max(n, 0));
      return n;
    } catch (IOException e) {
      throw stalled ? new Stalled(e) : e;
    }
  }

  @Override
  public void close() throws IOException {
    ticking.close();
    body.close();
  }
}
