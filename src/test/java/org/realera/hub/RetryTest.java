package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.realera.hub.Retry.Timing;

class RetryTest {
  @Test
  void theRealTickerTicksAgainAndAgainUntilItIsClosed() throws Exception {
    CountDownLatch twice = new CountDownLatch(2);
    AtomicReference<Thread> thread = new AtomicReference<>();
    try (Closeable ticking = Timing.live().ticker().start(() -> tick(twice, thread))) {
      assertThat(twice.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(thread.get().isAlive()).isTrue();
    }
    thread.get().join(60_000);
    assertThat(thread.get().isAlive()).isFalse();
  }

  private static void tick(CountDownLatch latch, AtomicReference<Thread> thread) {
    thread.set(Thread.currentThread());
    latch.countDown();
  }
}
