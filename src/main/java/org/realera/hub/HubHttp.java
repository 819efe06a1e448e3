package org.realera.hub;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.hub.Retry.Ticker;
import org.realera.hub.Retry.Timing;

/**
 * One request, through redirects. The token goes to the endpoint's host only: a redirect to another
 * one (large files lie on a content network) is followed without it.
 */
final class HubHttp {
  private static final int MOST_REDIRECTS = 10;
  private static final Duration CONNECT = Duration.ofSeconds(8);

  /**
   * By default the JDK sends no password by Basic to a proxy that it asks for a tunnel, i.e. for
   * any https, and most proxies know nothing else. This is read once, before the first client, and
   * by every client of the JVM: there is no setting for one. A value that the user set is kept.
   */
  private static final String NO_BASIC_FOR_TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

  static {
    if (System.getProperty(NO_BASIC_FOR_TUNNELS) == null) {
      System.setProperty(NO_BASIC_FOR_TUNNELS, "");
    }
  }

  /** A body that brings nothing for so many ticks, i.e. seconds, is given up. */
  static final int STALLED_TICKS = 30;

  private final HubSettings settings;
  private final Timing timing;
  private final HttpClient client;

  /**
   * The answer to a request.
   *
   * @param body open; the receiver closes it
   */
  record Reply(int status, HttpHeaders headers, URI uri, InputStream body)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  HubHttp(HubSettings settings, Timing timing) {
    this.settings = settings;
    this.timing = timing;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // one connection each, not one for all
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .proxy(settings.proxies());
    settings.bundle().map(CaBundle::context).ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  /** An address below the endpoint. */
  URI uri(String path) {
    return URI.create(settings.endpoint() + "/" + path);
  }

  /** A path as it stands in an address, slashes kept. */
  static String encoded(String path) {
    try {
      return new URI(null, null, "/" + path, null).toASCIIString().substring(1).replace("+", "%2B");
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  /** A GET through all redirects, with further headers. */
  Reply get(URI start, Map<String, String> headers) throws IOException, InterruptedException {
    return send("GET", start, headers, true);
  }

  /**
   * A HEAD through relative redirects, as of a model that was renamed; an absolute one leads to
   * where the content is stored, and is itself the answer: it tells size and hash, as
   * huggingface_hub reads them.
   */
  Reply head(URI start) throws IOException, InterruptedException {
    return send("HEAD", start, Map.of(), false);
  }

  private Reply send(String method, URI start, Map<String, String> headers, boolean followAbsolute)
      throws IOException, InterruptedException {
    URI uri = start;
    Set<URI> seen = new HashSet<>();
    while (true) {
      if (!seen.add(uri) || seen.size() > MOST_REDIRECTS + 1) {
        throw new RealeraException(
            Kind.FAILED,
            "%s: redirected in a circle, or more than %s times"
                .formatted(shown(start), MOST_REDIRECTS),
            "Check HF_ENDPOINT (" + settings.endpoint() + ") and the proxy, or try again later.");
      }
      HttpResponse<InputStream> response = sent(request(method, uri, headers));
      // A proxy's answer to CONNECT, such as 407, comes without a body.
      InputStream body = Objects.requireNonNullElse(response.body(), InputStream.nullInputStream());
      WatchedBody watched = new WatchedBody(body, timing.ticker());
      Reply reply = new Reply(response.statusCode(), response.headers(), uri, watched);
      String location = response.headers().firstValue("Location").orElse("");
      if (!isRedirect(reply.status()) || location.isEmpty()) {
        return reply;
      }
      URI next = target(uri, location);
      if (!followAbsolute && location.matches("(//|[a-zA-Z][\\w+.-]*:).*")) {
        return reply;
      }
      reply.close();
      uri = next;
    }
  }

  private HttpResponse<InputStream> sent(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw HubErrors.lasting(settings, request.uri(), e).orElseThrow(() -> e);
    }
  }

  private HttpRequest request(String method, URI uri, Map<String, String> headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri)
            .method(method, BodyPublishers.noBody())
            .timeout(timing.answer())
            .header("User-Agent", "realera; java/" + Runtime.version().feature())
            .header("Accept-Encoding", "identity");
    headers.forEach(builder::header);
    if (settings.isEndpoint(uri)) {
      settings.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    }
    settings.proxies().authorization(uri).ifPresent(a -> builder.header("Proxy-Authorization", a));
    return builder.build();
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private URI target(URI from, String location) {
    URI to;
    try {
      to = from.resolve(new URI(escaped(location)));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw refused(from, "an address that is none");
    }
    boolean web = "http".equals(to.getScheme()) || "https".equals(to.getScheme());
    if (!web || to.getHost() == null) {
      throw refused(from, "something that is no web address");
    }
    if ("https".equals(from.getScheme()) && "http".equals(to.getScheme())) {
      throw refused(from, to.getHost() + " without encryption");
    }
    return to;
  }

  /** Servers send characters that an address may not hold. */
  private static String escaped(String location) {
    StringBuilder clean = new StringBuilder();
    for (byte b : location.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > ' ' && b < 0x7f && "\"<>\\^`{|}".indexOf(b) < 0;
      clean.append(
          plain ? String.valueOf((char) b) : String.format(Locale.ROOT, "%%%02X", b & 0xff));
    }
    return clean.toString();
  }

  private static RealeraException refused(URI from, String where) {
    return new RealeraException(
        Kind.FAILED,
        "%s: redirected to %s".formatted(shown(from), where),
        "Check HF_ENDPOINT and the proxy, or try again later.");
  }

  /** The port of a web address, said or not. */
  static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  /**
   * An address for people: without user and password, and without its query, which on a content
   * network is a signature.
   */
  static String shown(URI uri) {
    return masked(uri.getScheme() + "://" + uri.getAuthority()) + uri.getPath();
  }

  /** A text that should be an address, its user, password and query covered. */
  static String masked(String address) {
    return address
        .replaceFirst("(?s)^(\\w[\\w+.-]*://)?.*@", "$1***@")
        .replaceFirst("(?s)[?#].*", "?***");
  }

  /** Why a body that fell silent can't be read. */
  static final class Stalled extends IOException {
    private static final long serialVersionUID = 1L;

    Stalled(IOException cause) {
      super("nothing came for %s seconds".formatted(STALLED_TICKS), cause);
    }
  }

  /**
   * A body that fails once nothing has come for a while: a request's own timeout ends where its
   * headers do. The watch begins with the first read, and ends when the body is closed.
   */
  private static final class WatchedBody extends FilterInputStream {
    private final Ticker ticker;
    private final AtomicLong received = new AtomicLong();
    private Closeable ticking = () -> {};
    private boolean watching;
    private volatile boolean stalled;
    private long before;
    private int idle;

    WatchedBody(InputStream body, Ticker ticker) {
      super(body);
      this.ticker = ticker;
    }

    private synchronized void tick() {
      long now = received.get();
      idle = now == before ? idle + 1 : 0;
      before = now;
      if (idle >= STALLED_TICKS && !stalled) {
        stalled = true;
        try {
          in.close();
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
      if (!watching) {
        watching = true;
        ticking = ticker.start(this::tick);
      }
      try {
        int n = in.read(bytes, from, length);
        received.addAndGet(Math.max(n, 0));
        return n;
      } catch (IOException e) {
        throw stalled ? new Stalled(e) : e;
      }
    }

    @Override
    public void close() throws IOException {
      ticking.close();
      in.close();
    }
  }
}
