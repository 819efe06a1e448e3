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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in either case; where both cases are set, the
 * lower one counts. In NO_PROXY {@code example.org} and {@code .example.org} mean that host and all
 * below it, {@code HOST:PORT} one port of it, {@code 10.0.0.1} one address, {@code *} everything;
 * blocks such as {@code 10.0.0.0/8} match nothing. A proxy's address is read when it is first used,
 * so one that no request needs may be anything.
 */
final class Proxies extends ProxySelector {
  private final Map<String, Setting> byScheme;
  private final List<String> direct;

  /** What a variable says. */
  private record Setting(String variable, String value) {}

  /**
   * A proxy.
   *
   * @param variable that names it
   * @param credentials {@code user:password}, empty if it wants none; never shown
   */
  record Address(String variable, String host, int port, String credentials) {
    @Override
    public String toString() {
      return "%s:%s of %s".formatted(host, port, variable);
    }
  }

  /** The proxies that an environment names. */
  Proxies(Map<String, String> env) {
    Map<String, Setting> found = new HashMap<>();
    for (String scheme : List.of("http", "https")) {
      setting(env, scheme + "_proxy")
          .or(() -> setting(env, "all_proxy"))
          .ifPresent(setting -> found.put(scheme, setting));
    }
    this.byScheme = Map.copyOf(found);
    String entries = setting(env, "no_proxy").map(Setting::value).orElse("");
    this.direct =
        Arrays.stream(entries.toLowerCase(Locale.ROOT).split("[,\\s]+"))
            .map(entry -> entry.replaceFirst("^\\*?\\.", ""))
            .filter(entry -> !entry.isEmpty())
            .toList();
  }

  private static Optional<Setting> setting(Map<String, String> env, String lower) {
    for (String variable : List.of(lower, lower.toUpperCase(Locale.ROOT))) {
      String value = env.getOrDefault(variable, "").strip();
      if (!value.isEmpty()) {
        return Optional.of(new Setting(variable, value));
      }
    }
    return Optional.empty();
  }

  /**
   * The proxy of an address; empty if it is reached directly.
   *
   * @throws RealeraException (usage) for a proxy that can't be used; its password is not quoted
   */
  Optional<Address> proxyFor(URI uri) {
    return isDirect(uri)
        ? Optional.empty()
        : Optional.ofNullable(byScheme.get(String.valueOf(uri.getScheme())))
            .map(setting -> address(setting, String.valueOf(uri.getHost())));
  }

  private boolean isDirect(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    String withPort = host + ":" + HubHttp.port(uri);
    boolean isName = !host.matches("[\\d.]+"); // what ends an address is no domain
    return direct.stream()
        .anyMatch(
            entry ->
                entry.equals("*")
                    || entry.equals(host)
                    || entry.equals(withPort)
                    || (isName && (host.endsWith("." + entry) || withPort.endsWith("." + entry))));
  }

  private static Address address(Setting setting, String host) {
    String variable = setting.variable();
    String value = setting.value().contains("://") ? setting.value() : "http://" + setting.value();
    String scheme = value.substring(0, value.indexOf("://")).toLowerCase(Locale.ROOT);
    if (scheme.startsWith("socks")) {
      throw RealeraException.usage(
          variable + " names a SOCKS proxy, and realera speaks to HTTP proxies only",
          "Give an HTTP proxy, http://HOST:PORT; if %s is reached without one, add it to NO_PROXY."
              .formatted(host));
    }
    if (scheme.equals("https")) {
      throw RealeraException.usage(
          variable + " names a proxy that is itself spoken to by https, which realera does not do",
          "Give it as http://HOST:PORT if it takes that: what goes through to an https hub is"
              + " encrypted all the same.");
    }
    try {
      URI uri = new URI(value);
      if (scheme.equals("http") && uri.getHost() != null) {
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        String user = uri.getUserInfo() == null ? "" : uri.getUserInfo();
        String credentials = user.isEmpty() || user.contains(":") ? user : user + ":";
        return new Address(variable, uri.getHost(), port, credentials);
      }
    } catch (URISyntaxException e) {
      // Its message would quote the password.
    }
    throw RealeraException.usage(
        variable + " is no address of an HTTP proxy",
        "Give it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT (other characters than"
            + " letters and digits of the password as %XX), or unset it.");
  }

  @Override
  public List<Proxy> select(@Nullable URI uri) {
    return Optional.ofNullable(uri)
        .flatMap(this::proxyFor)
        .map(p -> InetSocketAddress.createUnresolved(p.host(), p.port()))
        .map(address -> List.of(new Proxy(Proxy.Type.HTTP, address)))
        .orElse(List.of(Proxy.NO_PROXY));
  }

  /** The header by which we are known to the proxy of an address; empty if it asks for none. */
  Optional<String> authorization(URI uri) {
    return proxyFor(uri)
        .filter(p -> !p.credentials().isEmpty())
        .map(p -> p.credentials().getBytes(StandardCharsets.UTF_8))
        .map(bytes -> "Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  @Override
  public void connectFailed(
      @Nullable URI uri, @Nullable SocketAddress sa, @Nullable IOException e) {
    // The request itself fails, and says so.
  }
}
