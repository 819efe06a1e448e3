package org.realera.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.realera.RealeraException;
import org.realera.files.Json;
import org.realera.hub.HubErrors.Transient;
import org.realera.hub.HubHttp.Reply;

/** Asks a hub about one model, and asks again where that helps. */
final class HubClient {
  private static final int MOST_BYTES = 64 << 20;

  private final HubHttp http;
  private final HubErrors errors;
  private final Timing timing;
  private final PullListener listener;
  private final String name;
  private final String revision;

  /** One attempt at something. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException, InterruptedException;
  }

  HubClient(
      HubSettings settings, String name, String revision, Timing timing, PullListener listener) {
    this.http = new HubHttp(settings);
    this.errors = new HubErrors(settings, name, revision);
    this.timing = timing;
    this.listener = listener;
    this.name = name;
    this.revision = revision;
  }

  /**
   * What the hub has of the model.
   *
   * @throws RealeraException not found (no such model or revision, gated, hub out of reach),
   *     damaged or failed
   */
  RemoteModel model() throws InterruptedException {
    URI uri =
        http.uri(
            "api/models/%s/revision/%s?blobs=true"
                .formatted(name, HubHttp.encoded(revision).replace("/", "%2F")));
    byte[] body =
        persist(
            "the list of %s's files".formatted(name),
            () -> {
              try (Reply reply = accepted(http.get(uri, Map.of()), 200);
                  InputStream listing = new StallWatch(reply.body(), timing.ticker())) {
                byte[] bytes = listing.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                  throw noHub(uri);
                }
                return bytes;
              }
            },
            () -> 0,
            false);
    return parse(uri, body);
  }

  private RemoteModel parse(URI uri, byte[] body) {
    JsonNode root;
    try {
      root = Json.READER.readTree(body);
    } catch (IOException e) {
      throw noHub(uri);
    }
    String commit = root.path("sha").asText();
    if (!commit.matches("[0-9a-f]{40}") || !root.path("siblings").isArray()) {
      throw noHub(uri);
    }
    List<String> files = new ArrayList<>();
    List<RemoteFile> details = new ArrayList<>();
    for (JsonNode file : root.path("siblings")) {
      String path = RemoteFile.checkedPath(file.path("rfilename").asText());
      files.add(path);
      JsonNode large = file.path("lfs");
      String etag = large.path("sha256").asText(file.path("blobId").asText());
      JsonNode size = large.has("size") ? large.path("size") : file.path("size");
      if (!etag.isEmpty() && size.isIntegralNumber()) {
        details.add(new RemoteFile(path, size.longValue(), etag));
      }
    }
    return new RemoteModel(name, commit, files, details);
  }

  private static RealeraException noHub(URI uri) {
    return RealeraException.damaged(
        HubHttp.shown(uri) + " does not answer as a hub does",
        "Check HF_ENDPOINT, and whether a proxy or a login page is in the way.");
  }

  /** Size and hash of a file, from the listing or, where a mirror leaves them out, by asking. */
  RemoteFile file(RemoteModel model, String path) throws InterruptedException {
    for (RemoteFile file : model.details()) {
      if (file.path().equals(path)) {
        return file;
      }
    }
    return persist(
        path,
        () -> {
          try (Reply reply = http.head(address(model, path))) {
            if (reply.status() >= 400) {
              throw passing(reply);
            }
            String etag = header(reply, "X-Linked-Etag", "ETag").replaceAll("^W/|\"", "");
            String size = header(reply, "X-Linked-Size", "Content-Length");
            return new RemoteFile(
                path, size.matches("\\d{1,18}") ? Long.parseLong(size) : -1, etag);
          }
        },
        () -> 0,
        false);
  }

  private static String header(Reply reply, String first, String second) {
    return reply
        .headers()
        .firstValue(first)
        .or(() -> reply.headers().firstValue(second))
        .orElse("");
  }

  private URI address(RemoteModel model, String path) {
    return http.uri(
        "%s/resolve/%s/%s".formatted(model.name(), model.commit(), HubHttp.encoded(path)));
  }

  /**
   * Opens a file's content.
   *
   * @param from the first byte wanted
   * @return status 206 from there on, 200 if the server sends all of it anyway, or 416
   */
  Reply open(RemoteModel model, String path, long from) throws IOException, InterruptedException {
    Map<String, String> range = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    return accepted(http.get(address(model, path), range), from == 0 ? 200 : 206);
  }

  /** The reply, if it is as hoped for; else closed, and an error that may or may not pass. */
  private Reply accepted(Reply reply, int hoped) throws IOException {
    int status = reply.status();
    if (status == 200 || status == hoped || (hoped == 206 && status == 416)) {
      return reply;
    }
    reply.close();
    throw passing(reply);
  }

  /**
   * The error for an answer that is not as hoped for, and may be another one soon.
   *
   * @throws RealeraException if it will not
   */
  private Transient passing(Reply reply) {
    int status = reply.status();
    if (!Retry.worthwhile(status)) {
      throw errors.refused(reply);
    }
    return new Transient(
        errors.busy(reply), Retry.asked(status, reply.headers(), timing.clock().get()));
  }

  /**
   * Attempts something until it succeeds, fails for good, or has failed too often in a row.
   *
   * @param what for messages
   * @param progress failures are counted anew whenever this has grown
   * @param patient whether to go on trying when the host is out of reach, as in the midst of a pull
   */
  <T> T persist(String what, Attempt<T> attempt, LongSupplier progress, boolean patient)
      throws InterruptedException {
    long before = progress.getAsLong();
    int failures = 0;
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        long now = progress.getAsLong();
        failures = now > before ? 1 : failures + 1;
        before = now;
        if (!patient && ConnectionErrors.isOutOfReach(e)) {
          throw errors.outOfReach(e);
        }
        if (failures >= Retry.MOST) {
          throw errors.givenUp(what, e);
        }
        Optional<Duration> asked = e instanceof Transient t ? t.asked() : Optional.empty();
        Duration wait = Retry.wait(failures, asked);
        if (wait.compareTo(Retry.LONGEST) > 0) {
          throw errors.tooLong(what, wait);
        }
        listener.waiting(what, ConnectionErrors.reason(e), wait);
        timing.sleeper().sleep(wait);
      }
    }
  }
}
