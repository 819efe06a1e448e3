package org.realera.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.realera.RealeraException;
import org.realera.files.IoErrors;
import org.realera.hub.HubClient.RemoteFile;
import org.realera.hub.HubClient.RemoteModel;
import org.realera.hub.HubHttp.Reply;

/**
 * Fetches one file's content into the cache: goes on with what has arrived before, survives cuts
 * and stalls, and gives it its name only when size and hash are right.
 */
final class BlobDownload {
  private static final int CHUNK = 1 << 17;

  private final HubClient client;
  private final RemoteModel model;
  private final CacheRepo cache;

  BlobDownload(HubClient client, RemoteModel model, CacheRepo cache) {
    this.client = client;
    this.model = model;
    this.cache = cache;
  }

  /**
   * Fetches a file unless it is here.
   *
   * @param arrived told of bytes as they come, and of bytes that are thrown away as negative
   * @param waiting another process is fetching it
   */
  void fetch(RemoteFile file, LongConsumer arrived, Runnable waiting) throws InterruptedException {
    long counted = cache.arrived(file);
    CacheRepo.Held held = cache.lock(file, waiting);
    try {
      long now = cache.arrived(file); // the other process may have brought it
      arrived.accept(now - counted);
      if (cache.has(file)) {
        return;
      }
      boolean resumed = now > 0;
      Optional<String> found = content(file, arrived);
      if (found.isPresent() && resumed) { // what was there may have been of something else
        found = content(file, arrived);
      }
      if (found.isPresent()) {
        throw RealeraException.damaged(
            "%s of %s: expected the hash %s, received %s"
                .formatted(file.path(), model.name(), file.etag(), found.get()),
            "Run it again; if it stays so, check HF_ENDPOINT and the proxy, or tell the model's"
                + " owner.");
      }
      cache.complete(file);
    } finally {
      held.close();
    }
  }

  /**
   * Fetches all that is missing.
   *
   * @return the hash if it is a wrong one; the content is then thrown away
   */
  private Optional<String> content(RemoteFile file, LongConsumer arrived)
      throws InterruptedException {
    try (FileChannel out = cache.openIncomplete(file)) {
      Partial partial = new Partial(file, cache.incomplete(file), out, arrived);
      if (partial.size() < file.size() || file.size() == 0) {
        client
            .retry()
            .persist(
                file.path(),
                () -> {
                  transfer(partial);
                  return partial;
                },
                partial::received,
                true);
      }
      out.force(true);
      String hash = partial.hash();
      if (hash.equals(file.etag())) {
        return Optional.empty();
      }
      partial.startAgain();
      Files.delete(cache.incomplete(file));
      return Optional.of(hash);
    } catch (IOException e) {
      throw IoErrors.writing(cache.incomplete(file), e);
    }
  }

  /** One connection: to the end, or to an exception. */
  private void transfer(Partial partial) throws IOException, InterruptedException {
    RemoteFile file = partial.file;
    try (Reply reply = client.open(model, file.path(), partial.size())) {
      if (reply.status() == 416) {
        partial.startAgain();
        throw new IOException("the hub has less of it than we do");
      }
      if (reply.status() == 206) {
        String range = reply.headers().firstValue("Content-Range").orElse("");
        if (!range.startsWith("bytes " + partial.size() + "-")) {
          throw new IOException(
              "asked for what follows byte %s, got '%s'"
                  .formatted(partial.size(), HubErrors.printable(range)));
        }
      } else {
        partial.startAgain();
      }
      copy(reply.body(), partial);
    }
    if (partial.size() < file.size()) {
      throw new IOException("cut off after %s of %s bytes".formatted(partial.size(), file.size()));
    }
  }

  private void copy(InputStream body, Partial partial) throws IOException, InterruptedException {
    byte[] chunk = new byte[CHUNK];
    for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      partial.append(chunk, n);
    }
  }

  /** The partial file with the hash of what it holds. */
  private static final class Partial {
    private final RemoteFile file;
    private final Path path;
    private final FileChannel out;
    private final LongConsumer arrived;
    private final AtomicLong received = new AtomicLong();
    private MessageDigest digest;
    private long size;

    Partial(RemoteFile file, Path path, FileChannel out, LongConsumer arrived) throws IOException {
      this.file = file;
      this.path = path;
      this.out = out;
      this.arrived = arrived;
      this.digest = newDigest();
      if (out.size() > file.size()) { // of something else
        out.truncate(0);
        arrived.accept(-file.size());
      }
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      while (out.read(chunk) >= 0) {
        size += chunk.position();
        digest.update(chunk.array(), 0, chunk.position());
        chunk.clear();
      }
    }

    long size() {
      return size;
    }

    /** All that was ever received, for telling progress from none. */
    long received() {
      return received.get();
    }

    void append(byte[] bytes, int length) throws IOException {
      if (size + length > file.size()) {
        throw RealeraException.damaged(
            "%s: expected %s bytes, the hub sends more".formatted(file.path(), file.size()),
            "Check HF_ENDPOINT and the proxy, or try again later.");
      }
      write(ByteBuffer.wrap(bytes, 0, length));
      digest.update(bytes, 0, length);
      size += length;
      received.addAndGet(length);
      arrived.accept(length);
    }

    /** A full disk is no cut connection: trying again does not help. */
    private void write(ByteBuffer bytes) throws IOException {
      try {
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        throw IoErrors.writing(path, e);
      }
    }

    void startAgain() throws IOException {
      out.truncate(0);
      arrived.accept(-size);
      size = 0;
      digest = newDigest();
    }

    String hash() {
      return HexFormat.of().formatHex(digest.digest());
    }

    /** SHA-256, or SHA-1 as git names a blob. */
    private MessageDigest newDigest() {
      try {
        if (file.isLarge()) {
          return MessageDigest.getInstance("SHA-256");
        }
        MessageDigest git = MessageDigest.getInstance("SHA-1");
        git.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.UTF_8));
        return git;
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-1 and SHA-256", e);
      }
    }
  }
}
