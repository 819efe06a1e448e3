package org.realera.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in either case, as curl and Python's requests
 * read them: NO_PROXY lists hosts, domains with all below them, {@code host:port}, or {@code *}.
 */
public final class ProxyRules extends ProxySelector {
  private final Map<String, Address> byScheme;
  private final List<String> direct;

  /** A proxy; {@code credentials} is {@code user:password}, empty if it wants none. */
  private record Address(String host, int port, String credentials) {}

  private ProxyRules(Map<String, Address> byScheme, List<String> direct) {
    this.byScheme = Map.copyOf(byScheme);
    this.direct = List.copyOf(direct);
  }

  /**
   * The rules in an environment.
   *
   * @throws RealeraException (usage) for a proxy's address that is none, without its password
   */
  static ProxyRules of(Map<String, String> env) {
    var byScheme = new java.util.HashMap<String, Address>();
    for (String scheme : List.of("http", "https")) {
      for (String variable : List.of(scheme + "_proxy", "all_proxy")) {
        String value = either(env, variable);
        if (!value.isEmpty() && !byScheme.containsKey(scheme)) {
          byScheme.put(scheme, address(variable.toUpperCase(Locale.ROOT), value));
        }
      }
    }
    List<String> direct =
        Arrays.stream(either(env, "no_proxy").toLowerCase(Locale.ROOT).split("[,\\s]+"))
            .map(entry -> entry.replaceFirst("^\\*?\\.", ""))
            .filter(entry -> !entry.isEmpty())
            .toList();
    return new ProxyRules(byScheme, direct);
  }

  private static String either(Map<String, String> env, String lower) {
    String value = env.getOrDefault(lower, "");
    return (value.isBlank() ? env.getOrDefault(lower.toUpperCase(Locale.ROOT), "") : value).strip();
  }

  private static Address address(String variable, String value) {
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      String host = uri.getHost();
      if ("http".equals(uri.getScheme()) && host != null) {
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        String user = uri.getUserInfo();
        return new Address(host, port, user == null ? "" : user);
      }
    } catch (URISyntaxException e) {
      // Its message would quote the password.
    }
    throw RealeraException.usage(
        variable + " is no address of an HTTP proxy",
        "Give it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or unset it.");
  }

  private Optional<Address> proxyFor(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    String withPort = host + ":" + uri.getPort();
    for (String entry : direct) {
      if (entry.equals("*")
          || host.equals(entry)
          || withPort.equals(entry)
          || host.endsWith("." + entry)) {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(byScheme.get(String.valueOf(uri.getScheme())));
  }

  @Override
  public List<Proxy> select(@Nullable URI uri) {
    return uri == null
        ? List.of(Proxy.NO_PROXY)
        : proxyFor(uri)
            .map(
                p ->
                    new Proxy(
                        Proxy.Type.HTTP, InetSocketAddress.createUnresolved(p.host(), p.port())))
            .map(List::of)
            .orElse(List.of(Proxy.NO_PROXY));
  }

  /** The header by which we are known to the proxy of an address; empty if it asks for none. */
  Optional<String> authorization(URI uri) {
    return proxyFor(uri)
        .filter(p -> !p.credentials().isEmpty())
        .map(p -> p.credentials().getBytes(StandardCharsets.UTF_8))
        .map(bytes -> "Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  /** The proxy of an address, without its password, for messages. */
  Optional<String> describe(URI uri) {
    return proxyFor(uri).map(p -> p.host() + ":" + p.port());
  }

  @Override
  public void connectFailed(
      @Nullable URI uri, @Nullable SocketAddress sa, @Nullable IOException e) {
    // The request itself fails, and says so.
  }
}
