package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** Servers that fall silent in the middle of a body. Over one connection the order is known. */
class HubStallTest extends HubFixture {
  private static final int LISTING = 1;
  private static final int LARGEST = 3; // after the listing and the index

  private final PullRequest request = new PullRequest(NAME, "main", "", 1);
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void release() {
    released.countDown();
  }

  /** Promises all, sends some, and does not hang up. */
  private HubFault silentAfter(byte[] some, int promised) {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, promised);
      OutputStream out = exchange.getResponseBody();
      out.write(some);
      out.flush();
      stalled.countDown();
      await(released);
      exchange.close();
      return true;
    };
  }

  /** As many ticks as it takes, once the server has fallen silent, for the body of this number. */
  private Retry.Ticker ticking(int number) {
    AtomicInteger bodies = new AtomicInteger();
    return tick -> {
      if (bodies.incrementAndGet() != number) {
        return () -> {};
      }
      Thread ticking =
          new Thread(
              () -> {
                await(stalled);
                for (int i = 0; i < 2 * HubHttp.STALLED_TICKS; i++) {
                  tick.run();
                }
              });
      ticking.setDaemon(true);
      ticking.start();
      return () -> {};
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aConnectionThatBringsNothingIsGivenUpAndTakenUpAgain() {
    byte[] all = server.content(UNET);
    server.fail(UNET, silentAfter(Arrays.copyOf(all, 1000), all.length));
    assertThat(pull(request, ticking(LARGEST)).folder().resolve(UNET)).hasBinaryContent(all);
    assertThat(heard.lines).anyMatch(line -> line.contains("nothing came for 30 seconds"));
  }

  /** The system takes connections for whoever listens, whether or not they are ever looked at. */
  @Test
  @Timeout(300)
  void aHubThatNeverAnswersIsAnErrorInTime() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      env.put("HF_ENDPOINT", "http://127.0.0.1:" + silent.getLocalPort());
      HubSettings settings = HubSettings.of(env);
      CacheRepo repo = new CacheRepo(settings.cache(), NAME);
      Retry.Timing timing = timing(tick -> () -> {}, Duration.ofMillis(100));
      assertThatThrownBy(() -> HubPull.run(settings, request, heard, timing, repo))
          .isInstanceOf(RealeraException.class)
          .hasMessageContaining(settings.endpoint() + " can't be reached (no answer in time)");
      assertThat(cache).doesNotExist();
    }
  }

  @Test
  void aListingThatStopsHalfwayIsAnErrorAtOnce() {
    server.fail("api", silentAfter("{\"sha\": ".getBytes(StandardCharsets.UTF_8), 1000));
    assertThatThrownBy(() -> pull(request, ticking(LISTING)))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(server.endpoint() + " can't be reached (nothing came for 30 seconds)")
        .satisfies(e -> assertThat(((RealeraException) e).kind()).isEqualTo(Kind.NOT_FOUND));
    assertThat(server.requests()).hasSize(1);
    assertThat(slept).isEmpty();
    assertThat(cache).doesNotExist();
  }
}
