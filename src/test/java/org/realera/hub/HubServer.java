package org.realera.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A hub with one model, on this machine, and beside it a content network: another host to which
 * large files are redirected. Does what the real ones do, and on request what they do on bad days.
 */
final class HubServer implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer hub;
  private final HttpServer network;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String name;
  private final SortedMap<String, byte[]> files = new TreeMap<>();
  private final Map<String, Deque<HubFault>> faults = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile boolean details = true;

  /** A request as it came in. */
  record Request(
      String host, String method, String path, String range, String token, String proxy) {}

  /**
   * @param name {@code ORG/NAME} of the model
   * @param port of the hub; 0 for any that is free
   */
  HubServer(String name, int port) throws IOException {
    this.name = name;
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    network = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    for (HttpServer server : List.of(hub, network)) {
      server.setExecutor(threads);
      server.createContext("/", this::handle);
      server.start();
    }
  }

  HubServer(String name) throws IOException {
    this(name, 0);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
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

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      var headers = exchange.getRequestHeaders();
      requests.add(
          new Request(
              exchange.getLocalAddress().getPort() == hub.getAddress().getPort()
                  ? "hub"
                  : "network",
              exchange.getRequestMethod(),
              path,
              text(headers.getFirst("Range")),
              text(headers.getFirst("Authorization")),
              text(headers.getFirst("Proxy-Authorization"))));
      if (path.startsWith("/api/models/" + name + "/revision/")) {
        if (!failed(exchange, "api", new byte[0])) {
          HubFault.send(exchange, 200, listing());
        }
      } else if (path.startsWith("/" + name + "/resolve/")) {
        file(exchange, path.split("/", 6)[5]);
      } else if (path.startsWith("/stored/")) {
        stored(exchange, path.substring("/stored/".length()));
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
    var headers = exchange.getResponseHeaders();
    headers.set("X-Repo-Commit", COMMIT);
    if (isLarge(path)) {
      if (failed(exchange, "resolve " + path, content)) {
        return;
      }
      headers.set("X-Linked-Etag", '"' + etag(path) + '"');
      headers.set("X-Linked-Size", Integer.toString(content.length));
      String to = "http://127.0.0.1:" + network.getAddress().getPort() + "/stored/" + path;
      headers.set("Location", to + "?signature=x|y");
      exchange.sendResponseHeaders(302, -1);
      return;
    }
    headers.set("ETag", '"' + etag(path) + '"');
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

  private byte[] listing() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("id", name).put("modelId", name).put("sha", COMMIT);
    ArrayNode siblings = root.putArray("siblings");
    files.forEach(
        (path, content) -> {
          ObjectNode file = siblings.addObject().put("rfilename", path);
          if (details) {
            file.put("size", content.length).put("blobId", gitHash(content));
            if (isLarge(path)) {
              file.putObject("lfs")
                  .put("sha256", etag(path))
                  .put("size", content.length)
                  .put("pointerSize", 134);
            }
          }
        });
    return JSON.writeValueAsBytes(root);
  }

  private static boolean isLarge(String path) {
    return path.matches(".*\\.(safetensors|bin|ckpt|msgpack)");
  }

  /** The name of a file's blob. */
  String etag(String path) {
    byte[] content = files.get(path);
    return isLarge(path) ? hex("SHA-256", content) : gitHash(content);
  }

  private static String gitHash(byte[] content) {
    byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] whole = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, whole, head.length, content.length);
    return hex("SHA-1", whole);
  }

  private static String hex(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    network.stop(0);
    threads.shutdownNow();
  }

  /** Serves a model folder until killed, for a look from outside: FOLDER ORG/NAME PORT. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    @SuppressWarnings("resource") // until the process ends
    HubServer server = new HubServer(args[1], Integer.parseInt(args[2]));
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        server.with(
            folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
  }
}
