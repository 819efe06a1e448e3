package org.realera.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.hub.ProxyRules.Address;

/** What it means that no connection came about: certificates, proxies, hosts that are not there. */
final class ConnectionErrors {
  /** How the JDK says that a proxy refused CONNECT. */
  private static final Pattern NO_TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

  /** A way to log in; one header may offer several, each with parameters (RFC 9110, 11.6.1). */
  private static final Pattern LOGIN = Pattern.compile("(?:^|,)\\s*([\\w-]+)(?=[\\s,]|$)(?!\\s*=)");

  private ConnectionErrors() {}

  /** The error for a failure that will not pass by itself; empty for others. */
  static Optional<RealeraException> lasting(HubSettings settings, URI uri, IOException e) {
    if (cause(e, CertificateException.class) != null) {
      return Optional.of(certificate(settings, uri, e));
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
  static RealeraException byProxy(Address proxy, URI uri, int status, List<String> logins) {
    String host = uri.getHost() + ":" + HubHttp.port(uri);
    if (status == 407) {
      List<String> schemes =
          logins.stream()
              .flatMap(header -> LOGIN.matcher(header).results())
              .map(login -> login.group(1))
              .toList();
      if (!schemes.isEmpty() && schemes.stream().noneMatch("Basic"::equalsIgnoreCase)) {
        return new RealeraException(
            Kind.FAILED,
            "the proxy %s wants a login by %s, and realera knows Basic only"
                .formatted(proxy, RemoteFile.printable(String.join(" or ", schemes))),
            "Name a proxy in %s that translates (as cntlm and px do), or pull elsewhere and copy"
                    .formatted(proxy.variable())
                + " the cache.");
      }
      return new RealeraException(
          Kind.FAILED,
          proxy.credentials().isEmpty()
              ? "the proxy %s wants a user and a password".formatted(proxy)
              : "the proxy %s does not accept the user and password given".formatted(proxy),
          "Give them in %s: http://USER:PASSWORD@HOST:PORT (other characters than letters and"
                  .formatted(proxy.variable())
              + " digits as %XX).");
    }
    return new RealeraException(
        Kind.FAILED,
        "the proxy %s refuses to connect to %s (%d)".formatted(proxy, host, status),
        "Ask whoever runs the proxy to allow %s, or name another in %s; NO_PROXY=%s goes without."
            .formatted(host, proxy.variable(), uri.getHost()));
  }

  private static RealeraException certificate(HubSettings settings, URI uri, IOException e) {
    String host = uri.getHost() + ":" + HubHttp.port(uri);
    String what;
    String remedy;
    if (cause(e, CertificateExpiredException.class) != null
        || cause(e, CertificateNotYetValidException.class) != null) {
      what = "the certificate of %s is not valid at this time".formatted(host);
      remedy = "Check the clock of this machine; if it is right, tell whoever runs the host.";
    } else if (cause(e, CertPathBuilderException.class) == null) {
      String reason = innermost(e);
      // The JDK has no class of its own for this.
      boolean otherName =
          reason.startsWith("No subject alternative") || reason.startsWith("No name matching");
      what =
          otherName
              ? "the certificate of %s is not for that name".formatted(host)
              : "the certificate of %s is not accepted: %s"
                  .formatted(host, RemoteFile.printable(reason));
      remedy =
          otherName
              ? "Check HF_ENDPOINT: it must have the host's name as it stands in the certificate."
              : "Whoever runs that host, or the proxy that opens https to it, must give it another.";
    } else if (settings.bundle().isPresent()) {
      CaBundle bundle = settings.bundle().get();
      what =
          "the certificate of %s is signed by none of the authorities in %s (%s)"
              .formatted(host, bundle.file(), bundle.variable());
      remedy =
          "Add the authority's certificate (PEM) to that file, or unset %s to trust the JDK's."
              .formatted(bundle.variable());
    } else {
      what = "the certificate of %s is signed by an authority that is not trusted".formatted(host);
      remedy =
          "If your network's proxy opens https, or the hub is your own, set %s to a PEM file with"
                  .formatted(CaBundle.NAMES)
              + " the authority's certificate.";
    }
    return new RealeraException(Kind.FAILED, what, remedy, e);
  }

  /** Whether the hub itself is out of reach, so that asking again at once is of no use. */
  static boolean isOutOfReach(IOException e) {
    return e instanceof ConnectException
        || e instanceof UnknownHostException
        || e instanceof HttpTimeoutException
        || e instanceof StallWatch.Stalled
        || e instanceof SSLException
        || tunnelStatus(e) > 0;
  }

  /** In a few words, for messages. */
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
    return message == null ? e.getClass().getSimpleName() : RemoteFile.printable(message);
  }

  /** What a proxy answered to CONNECT; 0 if that is not what went wrong. */
  private static int tunnelStatus(IOException e) {
    Matcher refusal = NO_TUNNEL.matcher(String.valueOf(e.getMessage()));
    return refusal.find() ? Integer.parseInt(refusal.group(1)) : 0;
  }

  /** The message of the last cause that has one. */
  private static String innermost(Throwable e) {
    String message = "";
    for (Throwable t = e; t != null; t = t.getCause()) {
      message = t.getMessage() == null ? message : t.getMessage();
    }
    return message;
  }

  private static <T extends Throwable> @Nullable T cause(Throwable e, Class<T> kind) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return kind.cast(t);
      }
    }
    return null;
  }
}
