package org.realera.hub;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.hub.HubHttp.Reply;
import org.realera.hub.ProxyRules.Address;

/** What a hub's answers mean, and what a user can do about them. */
final class HubErrors {
  private final HubSettings settings;
  private final String name;
  private final String revision;

  /** A failure that may be gone soon. */
  static final class Transient extends IOException {
    private static final long serialVersionUID = 1L;

    /** What the hub asked to wait, in milliseconds; -1 if it did not say. */
    private final long askedMillis;

    Transient(String message, Optional<Duration> asked) {
      super(message);
      this.askedMillis = asked.map(Duration::toMillis).orElse(-1L);
    }

    Optional<Duration> asked() {
      return askedMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(askedMillis));
    }
  }

  /**
   * @param name of the model that is asked for, for messages
   */
  HubErrors(HubSettings settings, String name, String revision) {
    this.settings = settings;
    this.name = name;
    this.revision = revision;
  }

  /** The error for an answer that is none of those hoped for, and that waiting won't change. */
  RealeraException refused(Reply reply) {
    String code = reply.headers().firstValue("X-Error-Code").orElse("");
    int status = reply.status();
    Optional<Address> proxy = settings.proxies().proxyFor(reply.uri());
    boolean mayBeTheProxys = "http".equals(reply.uri().getScheme()) && code.isEmpty();
    if (proxy.isPresent() && (status == 407 || (status == 403 && mayBeTheProxys))) {
      return ConnectionErrors.byProxy(
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
    return new RealeraException(
        Kind.FAILED,
        "%s answered with status %d%s".formatted(HubHttp.shown(reply.uri()), status, said(reply)),
        "Check HF_ENDPOINT and the proxy, or try again later.");
  }

  private static String said(Reply reply) {
    return reply
        .headers()
        .firstValue("X-Error-Message")
        .map(m -> ": " + RemoteFile.printable(m))
        .orElse("");
  }

  /** A 403 in the hub's name that is not in its words: proxies that filter https send it, too. */
  private RealeraException forbidden(Reply reply, Optional<Address> proxy) {
    return RealeraException.notFound(
        "%s is refused (403%s): model %s is gated, or a proxy refuses it"
            .formatted(HubHttp.shown(reply.uri()), said(reply), name),
        "See %s/%s in a browser. If it asks for terms, accept them and set HF_TOKEN to a token of"
                .formatted(settings.endpoint(), name)
            + " that account that may read gated models; else ask whoever runs %s to allow %s."
                .formatted(
                    proxy.map(p -> "the proxy " + p).orElse("your network's proxy"),
                    reply.uri().getHost()));
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
        .map(proxy -> "the hub or the proxy %s is busy (%d)".formatted(proxy, status))
        .orElse("the hub is busy (" + status + ")");
  }

  private RealeraException gated() {
    String page = settings.endpoint() + "/" + name;
    return RealeraException.notFound(
        settings.token().isPresent()
            ? "model %s is gated, and the account of the token in use was not granted access"
                .formatted(name)
            : "model %s is gated: its owner gives it to those who accept its terms".formatted(name),
        settings.token().isPresent()
            ? "Accept its terms at %s with that account; a fine-grained token must also permit"
                    .formatted(page)
                + " reading gated models."
            : "Accept its terms at %s, make a token at %s/settings/tokens, and set HF_TOKEN to it."
                .formatted(page, settings.endpoint()));
  }

  private RealeraException missing(URI uri) {
    boolean isListing = uri.getPath().contains("/api/models/");
    if (!isListing) {
      return RealeraException.notFound(
          HubHttp.shown(uri) + " is not there, though the hub lists it",
          "Try again; if it stays so, tell the model's owner.");
    }
    return RealeraException.notFound(
        "there is no model %s at %s, or it is private".formatted(name, settings.endpoint()),
        "Check the name (a folder's path must exist); for a private model set HF_TOKEN to a token"
            + " that may read it.");
  }

  /** The error for a hub that can't be reached. */
  RealeraException outOfReach(IOException e) {
    Optional<Address> proxy = settings.proxies().proxyFor(settings.endpoint());
    return RealeraException.notFound(
        "%s can't be reached%s (%s), and model %s is not complete in the cache, %s"
            .formatted(
                settings.endpoint(),
                proxy.map(p -> " through the proxy " + p).orElse(""),
                ConnectionErrors.reason(e),
                name,
                settings.cache().folderOf(name)),
        proxy
                .map(
                    p -> "Check %s and whether that proxy is up. Or else: ".formatted(p.variable()))
                .orElse("")
            + WAYS_OUT);
  }

  /** The error for a model that would have to be fetched where that is forbidden. */
  RealeraException offline() {
    return RealeraException.notFound(
        "model %s is not fetched from %s into the cache, %s: HF_HUB_OFFLINE is set"
            .formatted(name, settings.endpoint(), settings.cache().folderOf(name)),
        "Unset HF_HUB_OFFLINE. Or else: " + WAYS_OUT);
  }

  private static final String WAYS_OUT =
      "run `realera model pull` where there is a network and copy the cache, set HF_HUB_CACHE or"
          + " HF_HOME to one that holds it, HF_ENDPOINT to a mirror or HTTPS_PROXY to a proxy, give"
          + " a diffusers folder, or use --model pocket.";

  /** The error after the last of several attempts. */
  RealeraException givenUp(String what, IOException e) {
    return new RealeraException(
        Kind.FAILED,
        "%s: given up after %d attempts: %s"
            .formatted(what, Retry.MOST, ConnectionErrors.reason(e)),
        "Run it again later: what was fetched is kept, and it goes on from there.",
        e);
  }

  /** The error for a wait that nobody wants to sit through. */
  RealeraException tooLong(String what, Duration wait) {
    return new RealeraException(
        Kind.FAILED,
        "%s: the hub asks to wait %d minutes (too many requests)"
            .formatted(what, (wait.toSeconds() + 59) / 60),
        "Run it again then; with HF_TOKEN set the limits are wider.");
  }
}
