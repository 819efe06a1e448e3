package org.realera.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.files.Json;
import org.realera.hub.HubHttp.Reply;
import org.realera.hub.Retry.Timing;
import org.realera.hub.Retry.Transient;

/** Asks a hub about one model, and asks again where that helps. */
final class HubClient {
  private static final int MOST_BYTES = 64 << 20;

  private final HubHttp http;
  private final HubErrors errors;
  private final Retry retry;
  private final String name;
  private final String revision;

  /**
   * A model on the hub.
   *
   * @param name {@code ORG/NAME}, as it was asked for
   * @param commit 40 hexadecimal digits
   * @param files the names of all files, checked to lead nowhere else
   * @param details of those files whose size and hash the listing told
   */
  record RemoteModel(String name, String commit, List<String> files, List<RemoteFile> details) {
    RemoteModel {
      files = List.copyOf(files);
      details = List.copyOf(details);
    }
  }

  /**
   * A file of a model at a commit.
   *
   * @param path in the repository, e.g. {@code unet/config.json}
   * @param size in bytes
   * @param etag the name of its blob: SHA-256 of the content for large files, git's SHA-1 for
   *     others
   */
  record RemoteFile(String path, long size, String etag) {
    /** More than any file has; so many files as a listing can name still have a sum. */
    private static final long MOST = 1L << 42;

    /**
     * A file as the hub tells of it.
     *
     * @throws RealeraException (damaged) if that can be no size or no hash
     */
    static RemoteFile of(String path, String size, String etag) {
      boolean possible = size.matches("\\d{1,18}") && Long.parseLong(size) <= MOST;
      if (!possible || !etag.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
        throw RealeraException.damaged(
            "the hub says of %s that it has %s bytes and the hash '%s'"
                .formatted(
                    HubErrors.printable(path),
                    size.isEmpty() ? "no number of" : HubErrors.printable(size),
                    HubErrors.printable(etag)),
            "Check HF_ENDPOINT, or try again later.");
      }
      return new RemoteFile(path, Long.parseLong(size), etag);
    }

    boolean isLarge() {
      return etag.length() == 64;
    }
  }

  /** Asks about a model's revision. */
  HubClient(HubSettings settings, PullRequest request, Timing timing, PullMeter meter) {
    this.http = new HubHttp(settings, timing);
    this.errors = new HubErrors(settings, request);
    this.retry = new Retry(errors, timing, meter);
    this.name = request.name();
    this.revision = request.revision();
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
        retry.persist(
            "the list of %s's files".formatted(name),
            () -> {
              try (Reply reply = accepted(http.get(uri, Map.of()), 200)) {
                byte[] bytes = reply.body().readNBytes(MOST_BYTES + 1);
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
      String path = checkedPath(file.path("rfilename").asText());
      files.add(path);
      JsonNode large = file.path("lfs");
      String etag = large.path("sha256").asText(file.path("blobId").asText());
      JsonNode size = large.has("size") ? large.path("size") : file.path("size");
      if (!etag.isEmpty() && size.isIntegralNumber()) {
        details.add(RemoteFile.of(path, size.asText(), etag));
      }
    }
    return new RemoteModel(name, commit, files, details);
  }

  /**
   * Checks that a name leads to a file below the folder it is put into, on every system.
   *
   * @throws RealeraException (damaged) if it does not
   */
  private static String checkedPath(String path) {
    boolean plain = !path.isEmpty() && !path.contains("\\") && !path.contains(":");
    for (String part : path.split("/", -1)) {
      plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    plain &= path.chars().noneMatch(Character::isISOControl);
    if (!plain || Path.of(path).isAbsolute()) {
      throw RealeraException.damaged(
          "the hub lists a file '%s', which would lead out of the model's folder"
              .formatted(HubErrors.printable(path)),
          "Do not use this model, and tell whoever runs the hub.");
    }
    return path;
  }

  private static RealeraException noHub(URI uri) {
    return RealeraException.damaged(
        HubHttp.shown(uri) + " does not answer as a hub does",
        "Check HF_ENDPOINT, and whether a proxy or a login page is in the way.");
  }

  /** What attempts are repeated by. */
  Retry retry() {
    return retry;
  }

  /** Size and hash of a file, from the listing or, where a mirror leaves them out, by asking. */
  RemoteFile file(RemoteModel model, String path) throws InterruptedException {
    for (RemoteFile file : model.details()) {
      if (file.path().equals(path)) {
        return file;
      }
    }
    return retry.persist(
        path,
        () -> {
          try (Reply reply = http.head(address(model, path))) {
            if (reply.status() >= 400) {
              throw passing(reply);
            }
            String etag = header(reply, "X-Linked-Etag", "ETag").replaceAll("^W/|\"", "");
            String size = header(reply, "X-Linked-Size", "Content-Length");
            return RemoteFile.of(path, size, etag);
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
    return new Transient(errors.busy(reply), retry.asked(status, reply.headers()));
  }
}
