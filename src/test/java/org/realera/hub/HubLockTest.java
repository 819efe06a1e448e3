package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.realera.OtherJvm;
import org.realera.hub.HubPull.Pulled;

/** Two processes that pull the same model. */
class HubLockTest extends HubFixture {
  /** Holds the first byte of a file, as filelock does on Windows, until its input ends. */
  static final class Holder {
    public static void main(String[] args) throws IOException {
      try (FileChannel file =
              FileChannel.open(
                  Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = file.lock(0, 1, false)) {
        System.out.println(lock.isValid() ? "held" : "not held");
        System.in.transferTo(System.err);
      }
    }
  }

  @Test
  @Timeout(180)
  void aFileThatAnotherProcessFetchesIsWaitedFor() throws Exception {
    Path locks = Files.createDirectories(cache.resolve(".locks/models--some--model"));
    String lock = locks.resolve(server.etag(UNET) + ".lock").toString();
    Process holder =
        OtherJvm.running(Holder.class, lock).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      BufferedReader lines = holder.inputReader(StandardCharsets.UTF_8);
      assertThat(lines.readLine()).isEqualTo("held");
      CountDownLatch others = heard.whenNoMoreThan(server.content(UNET).length);
      CompletableFuture<Pulled> pulling = CompletableFuture.supplyAsync(this::pull);
      assertThat(others.await(60, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> pulling.get(1, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(server.requestsFor(UNET)).isEmpty();
      holder.getOutputStream().close();
      Path folder = pulling.get(60, TimeUnit.SECONDS).folder();
      assertThat(folder.resolve(UNET)).hasBinaryContent(server.content(UNET));
      assertThat(heard.lines)
          .contains(UNET + " is being fetched by another process: waiting for it");
    } finally {
      holder.destroyForcibly();
    }
  }
}
