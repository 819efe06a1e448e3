package org.realera.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A hub with one model, on this machine, and beside it a content network: another host to which
 * large files are redirected. Does what the real ones do, and on request what they do on bad days.
 */
final class HubServer implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final HttpServer hub;
  private final HttpServer network;
  private final boolean secure;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String name;
  private final HubFiles files = new HubFiles();
  private final Map<String, Deque<HubFault>> faults = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Listing> revisions = new ConcurrentHashMap<>();
  private volatile boolean details = true;
  private volatile boolean storedHere;

  /** What is said of a revision. */
  private interface Listing {
    byte[] of(HubFiles files) throws IOException;
  }

  /** A request as it came in. */
  record Request(
      String host,
      String method,
      String path,
      String query,
      String range,
      String token,
      String proxy,
      String encoding) {}

  /**
   * @param name {@code ORG/NAME} of the model
   * @param port of the hub; 0 for any that is free
   * @param certificate of hub and network; if absent they speak plain http
   */
  private HubServer(String name, int port, Optional<SSLContext> certificate) throws IOException {
    this.name = name;
    this.secure = certificate.isPresent();
    hub = start(port, certificate);
    network = start(0, certificate);
  }

  HubServer(String name) throws IOException {
    this(name, 0, Optional.empty());
  }

  static HubServer secure(String name, SSLContext certificate) throws IOException {
    return new HubServer(name, 0, Optional.of(certificate));
  }

  private HttpServer start(int port, Optional<SSLContext> certificate) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server;
    if (certificate.isPresent()) {
      HttpsServer https = HttpsServer.create(address, 0);
      https.setHttpsConfigurator(new HttpsConfigurator(certificate.get()));
      server = https;
    } else {
      server = HttpServer.create(address, 0);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    return server;
  }

  URI endpoint() {
    return URI.create((secure ? "https" : "http") + "://127.0.0.1:" + port());
  }

  int port() {
    return hub.getAddress().getPort();
  }

  /** Keeps large files at the hub itself, as small hubs do. */
  HubServer storedAtTheHub() {
    storedHere = true;
    return this;
  }

  /** The content network; by https it has another name than the hub. */
  private URI storage() {
    if (storedHere) {
      return endpoint().resolve("/stored/");
    }
    String host = secure ? "https://localhost:" : "http://127.0.0.1:";
    return URI.create(host + network.getAddress().getPort() + "/stored/");
  }

  /** Adds a file; weights are large, i.e. lie on the content network under their SHA-256. */
  HubServer with(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  HubServer with(String path, String content) {
    return with(path, content.getBytes(StandardCharsets.UTF_8));
  }

  byte[] content(String path) {
    return files.get(path);
  }

  /** Leaves size and hash out of the listing, as some mirrors do. */
  HubServer withoutDetails() {
    details = false;
    return this;
  }

  /** The next requests for a path, on whichever host, meet these faults, one each. */
  void fail(String path, HubFault... some) {
    faults.computeIfAbsent(path, p -> new ArrayDeque<>()).addAll(Arrays.asList(some));
  }

  /** All requests so far. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  List<Request> requestsFor(String end) {
    return requests.stream().filter(r -> r.path().endsWith(end)).toList();
  }

  /** What the hub says of the model. */
  byte[] listing() throws IOException {
    return files.listing(name, COMMIT, details, Set.of());
  }

  /** Lets a revision stand for another commit than the rest, one without some of the files. */
  HubServer withRevision(String revision, String commit, String... without) {
    revisions.put(revision, files -> files.listing(name, commit, details, Set.of(without)));
    return this;
  }

  private byte[] listing(String revision) throws IOException {
    Listing own = revisions.get(revision);
    return own == null ? listing() : own.of(files);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      var headers = exchange.getRequestHeaders();
      requests.add(
          new Request(
              exchange.getLocalAddress().getPort() == port() ? "hub" : "network",
              exchange.getRequestMethod(),
              path,
              text(exchange.getRequestURI().getQuery()),
              text(headers.getFirst("Range")),
              text(headers.getFirst("Authorization")),
              text(headers.getFirst("Proxy-Authorization")),
              text(headers.getFirst("Accept-Encoding"))));
      // On every answer of the real hub, whether or not the limit is near.
      exchange.getResponseHeaders().set("RateLimit", "\"resolvers\";r=2998;t=172");
      if (path.startsWith("/api/models/" + name + "/revision/")) {
        if (!failed(exchange, "api", new byte[0])) {
          HubFault.send(exchange, 200, listing(path.split("/revision/", 2)[1]));
        }
      } else if (path.startsWith("/" + name + "/resolve/")) {
        file(exchange, path.split("/", 6)[5]);
      } else if (path.startsWith("/stored/")) {
        exchange.getResponseHeaders().set("ETag", "\"of the storage's own\"");
        stored(exchange, path.substring("/stored/".length()));
      } else if (path.startsWith("/api/resolve-cache/models/" + name + "/" + COMMIT + "/")) {
        small(exchange, path.split("/", 8)[7]);
      } else {
        HubFault.status(404, "X-Error-Code", "RepoNotFound").answer(exchange, new byte[0]);
      }
    } catch (RuntimeException e) {
      HubFault.status(500, "X-Error-Message", e.toString()).answer(exchange, new byte[0]);
    }
  }

  private static String text(String header) {
    return header == null ? "" : header;
  }

  private boolean failed(HttpExchange exchange, String path, byte[] content) throws IOException {
    Deque<HubFault> some = faults.getOrDefault(path, new ArrayDeque<>());
    HubFault fault;
    synchronized (some) {
      fault = some.poll();
    }
    return fault != null && fault.answer(exchange, content);
  }

  private void file(HttpExchange exchange, String path) throws IOException {
    byte[] content = files.get(path);
    if (content == null) {
      HubFault.status(404, "X-Error-Code", "EntryNotFound").answer(exchange, new byte[0]);
      return;
    }
    if (failed(exchange, "resolve " + path, content)) {
      return;
    }
    String etag = '"' + files.etag(path) + '"';
    var headers = exchange.getResponseHeaders();
    headers.set("X-Repo-Commit", COMMIT);
    headers.set("X-Linked-Size", Integer.toString(content.length));
    headers.set("X-Linked-ETag", etag);
    if (HubFiles.isLarge(path)) {
      String auth = "<%s/api/models/%s/xet-read-token/%s>; rel=\"xet-auth\"";
      headers.set("X-Xet-Hash", HubFiles.hex("SHA-256", path.getBytes(StandardCharsets.UTF_8)));
      headers.set("Link", auth.formatted(endpoint(), name, COMMIT));
      redirect(exchange, 302, storage() + path + "?signature=x|y");
    } else {
      String from = URLEncoder.encode(exchange.getRequestURI().getPath(), StandardCharsets.UTF_8);
      String query = "?" + from + "=&etag=" + URLEncoder.encode(etag, StandardCharsets.UTF_8);
      String to = "/api/resolve-cache/models/" + name + "/" + COMMIT + "/" + path + query;
      redirect(exchange, 307, to);
    }
  }

  private static void redirect(HttpExchange exchange, int status, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    String text = "Redirecting to " + to;
    HubFault.send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  private void small(HttpExchange exchange, String path) throws IOException {
    exchange.getResponseHeaders().set("ETag", '"' + files.etag(path) + '"');
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    stored(exchange, path);
  }

  private void stored(HttpExchange exchange, String path) throws IOException {
    byte[] content = files.get(path);
    if (failed(exchange, path, content)) {
      return;
    }
    String range = text(exchange.getRequestHeaders().getFirst("Range"));
    if (range.isEmpty()) {
      HubFault.send(exchange, 200, content);
      return;
    }
    int from = Integer.parseInt(range.replaceAll("\\D", ""));
    if (from >= content.length) {
      HubFault.status(416).answer(exchange, content);
      return;
    }
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    HubFault.send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
  }

  /** The name of a file's blob. */
  String etag(String path) {
    return files.etag(path);
  }

  @Override
  public void close() {
    hub.stop(0);
    network.stop(0);
    threads.shutdownNow();
  }

  /**
   * Serves a model folder until killed, for a look from outside: FOLDER ORG/NAME PORT, and for
   * https the file that its authority's certificate shall be written to.
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Optional<SSLContext> certificate = Optional.empty();
    if (args.length > 3) {
      certificate = Optional.of(HubCertificates.good());
      Files.writeString(Path.of(args[3]), HubCertificates.authority());
    }
    @SuppressWarnings("resource") // until the process ends
    HubServer server = new HubServer(args[1], Integer.parseInt(args[2]), certificate);
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        server.with(
            folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
  }
}
