package org.realera.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.hub.HubHttp.Reply;
import org.realera.hub.Proxies.Address;

/** What a hub's answers and failed connections mean, and what a user can do about them. */
final class HubErrors {
  /** How the JDK says that a proxy refused CONNECT. */
  private static final Pattern NO_TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

  /** A way to log in; one header may offer several, each with parameters (RFC 9110, 11.6.1). */
  private static final Pattern LOGIN = Pattern.compile("(?:^|,)\\s*([\\w-]+)(?=[\\s,]|$)(?!\\s*=)");

  private final HubSettings settings;
  private final String name;
  private final String revision;
  private final String instead;

  /**
   * @param request which model is asked for, for messages
   */
  HubErrors(HubSettings settings, PullRequest request) {
    this.settings = settings;
    this.name = request.name();
    this.revision = request.revision();
    this.instead = request.wanted().instead();
  }

  private String waysOut() {
    return "Run `realera model pull "
        + new HubReference(name, revision).plain()
        + "` where there is a network and copy the cache, or set HF_HUB_CACHE or HF_HOME to one"
        + " that holds it, HF_ENDPOINT to a mirror or HTTPS_PROXY to a proxy, "
        + instead;
  }

  /** A foreign text in one line, for messages. */
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /** The same, cut short. */
  static String printable(String text) {
    String line = oneLine(text);
    return line.length() <= 120 ? line : line.substring(0, 117) + "...";
  }

  private static RealeraException failed(String message, String remedy) {
    return new RealeraException(Kind.FAILED, message, remedy);
  }

  /** The error for an unexpected answer that a retry won't change. */
  RealeraException refused(Reply reply) {
    String code = reply.headers().firstValue("X-Error-Code").orElse("");
    int status = reply.status();
    Optional<Address> proxy = settings.proxies().proxyFor(reply.uri());
    boolean mayBeTheProxys = "http".equals(reply.uri().getScheme()) && code.isEmpty();
    if (proxy.isPresent() && (status == 407 || (status == 403 && mayBeTheProxys))) {
      return byProxy(
          proxy.get(), reply.uri(), status, reply.headers().allValues("Proxy-Authenticate"));
    }
    if (code.equals("GatedRepo")) {
      return gated();
    }
    // A content network's own 403 is about its signatures.
    if (status == 403 && code.isEmpty() && settings.isEndpoint(reply.uri())) {
      return forbidden(reply, proxy);
    }
    if (code.equals("RevisionNotFound")) {
      return RealeraException.notFound(
          "model %s has no revision '%s' at %s".formatted(name, revision, settings.endpoint()),
          "See its branches and tags at %s/%s/tree/main.".formatted(settings.endpoint(), name));
    }
    if (status == 401 && settings.token().isPresent()) {
      return RealeraException.notFound(
          "%s does not accept the token for model %s".formatted(settings.endpoint(), name),
          "Set HF_TOKEN to a valid token that may read it, or unset it if the model is public;"
              + " check the model's name too.");
    }
    if (status == 401 || status == 404) {
      return missing(reply.uri());
    }
    return failed(
        "%s answered with status %s%s".formatted(HubHttp.shown(reply.uri()), status, said(reply)),
        "Check HF_ENDPOINT and the proxy, or try again later.");
  }

  private static String said(Reply reply) {
    return reply.headers().firstValue("X-Error-Message").map(m -> ": " + printable(m)).orElse("");
  }

  /** A 403 in the hub's name that is not in its words: proxies that filter https send it, too. */
  private RealeraException forbidden(Reply reply, Optional<Address> proxy) {
    String filter = proxy.map(p -> "the proxy " + p).orElse("your network's proxy");
    return RealeraException.notFound(
        "%s is refused (403%s): model %s is gated, or a proxy refuses it"
            .formatted(HubHttp.shown(reply.uri()), said(reply), name),
        "See %s/%s in a browser. If it asks for terms, accept them and set HF_TOKEN to a token of"
                .formatted(settings.endpoint(), name)
            + " that account that may read gated models; else ask whoever runs %s to allow %s."
                .formatted(filter, reply.uri().getHost()));
  }

  /** What a passing trouble is called; a proxy without a tunnel answers in the hub's name. */
  String busy(Reply reply) {
    int status = reply.status();
    if (status == 429) {
      return "too many requests (429)";
    }
    return settings
        .proxies()
        .proxyFor(reply.uri())
        .filter(proxy -> "http".equals(reply.uri().getScheme()))
        .map(proxy -> "the hub or the proxy %s is busy (%s)".formatted(proxy, status))
        .orElse("the hub is busy (" + status + ")");
  }

  private RealeraException gated() {
    String page = settings.endpoint() + "/" + name;
    return settings.token().isPresent()
        ? RealeraException.notFound(
            "model %s is gated, and the account of the token in use was not granted access"
                .formatted(name),
            "Accept its terms at %s with that account; a fine-grained token must also permit"
                    .formatted(page)
                + " reading gated models.")
        : RealeraException.notFound(
            "model %s is gated: its owner gives it to those who accept its terms".formatted(name),
            "Accept its terms at %s, make a token at %s/settings/tokens, and set HF_TOKEN to it."
                .formatted(page, settings.endpoint()));
  }

  private RealeraException missing(URI uri) {
    return uri.getPath().contains("/api/models/")
        ? RealeraException.notFound(
            "there is no model %s at %s, or it is private".formatted(name, settings.endpoint()),
            "Check the name (a folder's path must exist); for a private model set HF_TOKEN to a"
                + " token that may read it.")
        : RealeraException.notFound(
            HubHttp.shown(uri) + " is not there, though the hub lists it",
            "Try again; if it stays so, tell the model's owner.");
  }

  /** The error for a hub that can't be reached. */
  RealeraException outOfReach(IOException e) {
    Optional<Address> proxy = settings.proxies().proxyFor(settings.endpoint());
    String through = proxy.map(p -> " through the proxy " + p).orElse("");
    String check =
        proxy
            .map(p -> "Check %s and whether that proxy is up. ".formatted(p.variable()))
            .orElse("");
    return RealeraException.notFound(
        "%s can't be reached%s (%s), and model %s is not complete in the cache, %s"
            .formatted(
                settings.endpoint(), through, reason(e), name, settings.cache().folderOf(name)),
        check + waysOut());
  }

  /**
   * The error for a model that would have to be fetched where that is forbidden.
   *
   * @param variable that forbids it
   */
  RealeraException offline(String variable) {
    return RealeraException.notFound(
        "model %s is not fetched from %s into the cache, %s: %s is set"
            .formatted(name, settings.endpoint(), settings.cache().folderOf(name), variable),
        "Unset " + variable + ". " + waysOut());
  }

  /** The error after the last of several attempts. */
  RealeraException givenUp(String what, IOException e) {
    return new RealeraException(
        Kind.FAILED,
        "%s: given up after %s attempts: %s".formatted(what, Retry.MOST, reason(e)),
        "Run it again later: what was fetched is kept, and it goes on from there.",
        e);
  }

  /** The error for a wait that nobody wants to sit through. */
  RealeraException tooLong(String what, Duration wait) {
    return failed(
        "%s: the hub asks to wait %s minutes (too many requests)"
            .formatted(what, (wait.toSeconds() + 59) / 60),
        "Run it again then; with HF_TOKEN set the limits are wider.");
  }

  /** The error for a failed connection that will not pass by itself; empty for others. */
  static Optional<RealeraException> lasting(HubSettings settings, URI uri, IOException e) {
    if (cause(e, CertificateException.class) != null) {
      return Optional.of(CaBundle.notTrusted(settings.bundle(), uri, e));
    }
    int status = tunnelStatus(e);
    return status / 100 == 4 && !Retry.worthwhile(status)
        ? settings.proxies().proxyFor(uri).map(proxy -> byProxy(proxy, uri, status, List.of()))
        : Optional.empty();
  }

  /**
   * The error for a proxy that answers for itself, with 407, 403 and the like.
   *
   * @param logins the ways to log in that it offers (Proxy-Authenticate), as far as it says
   */
  private static RealeraException byProxy(Address proxy, URI uri, int status, List<String> logins) {
    if (status != 407) {
      String host = uri.getHost() + ":" + HubHttp.port(uri);
      return failed(
          "the proxy %s refuses to connect to %s (%s)".formatted(proxy, host, status),
          "Ask whoever runs the proxy to allow %s, or name another in %s; NO_PROXY=%s goes without."
              .formatted(host, proxy.variable(), uri.getHost()));
    }
    List<String> schemes =
        logins.stream()
            .flatMap(header -> LOGIN.matcher(header).results())
            .map(login -> login.group(1))
            .toList();
    if (!schemes.isEmpty() && schemes.stream().noneMatch("Basic"::equalsIgnoreCase)) {
      return failed(
          "the proxy %s wants a login by %s, and realera knows Basic only"
              .formatted(proxy, printable(String.join(" or ", schemes))),
          "Name a proxy in %s that translates (as cntlm and px do), or pull elsewhere and copy"
                  .formatted(proxy.variable())
              + " the cache.");
    }
    String wrong =
        proxy.credentials().isEmpty()
            ? "wants a user and a password"
            : "does not accept the user and password given";
    return failed(
        "the proxy %s %s".formatted(proxy, wrong),
        "Give them in %s: http://USER:PASSWORD@HOST:PORT (other characters than letters and"
                .formatted(proxy.variable())
            + " digits as %XX).");
  }

  /** Whether the hub itself is out of reach, so that asking again at once is of no use. */
  static boolean isOutOfReach(IOException e) {
    return e instanceof ConnectException
        || e instanceof UnknownHostException
        || e instanceof HttpTimeoutException
        || e instanceof HubHttp.Stalled
        || e instanceof SSLException
        || tunnelStatus(e) > 0;
  }

  /** Why a connection failed, in a few words. */
  static String reason(IOException e) {
    if (tunnelStatus(e) > 0) {
      return "the proxy answers " + tunnelStatus(e);
    }
    if (e instanceof UnknownHostException || cause(e, UnresolvedAddressException.class) != null) {
      return "no address for that host";
    }
    if (e instanceof HttpTimeoutException) {
      return "no answer in time";
    }
    String message = e.getMessage();
    if (e instanceof ConnectException && message == null) {
      return "connection refused";
    }
    return message == null ? e.getClass().getSimpleName() : printable(message);
  }

  /** What a proxy answered to CONNECT; 0 if that is not what went wrong. */
  private static int tunnelStatus(IOException e) {
    Matcher refusal = NO_TUNNEL.matcher(String.valueOf(e.getMessage()));
    return refusal.find() ? Integer.parseInt(refusal.group(1)) : 0;
  }

  /** The first cause of a kind; null if there is none. */
  static <T extends Throwable> @Nullable T cause(Throwable e, Class<T> kind) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return kind.cast(t);
      }
    }
    return null;
  }
}
