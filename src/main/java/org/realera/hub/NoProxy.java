package org.realera.hub;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * NO_PROXY: which hosts are reached directly, in all forms that curl and Python's requests accept.
 * {@code example.org} and {@code .example.org} mean that host and all below it, {@code HOST:PORT}
 * one port of it, {@code 10.0.0.1} or {@code 10.0.0.0/8} addresses (never looked up: only hosts
 * that are given as addresses match), {@code *} everything.
 *
 * @param entries in lower case
 */
record NoProxy(List<String> entries) {
  NoProxy {
    entries = List.copyOf(entries);
  }

  static NoProxy of(String text) {
    return new NoProxy(
        Arrays.stream(text.toLowerCase(Locale.ROOT).split("[,\\s]+"))
            .map(entry -> entry.replaceFirst("^\\*?\\.", ""))
            .filter(entry -> !entry.isEmpty())
            .toList());
  }

  /** Whether an address is reached without a proxy. */
  boolean covers(URI uri) {
    String host = plain(String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT));
    return entries.stream().anyMatch(entry -> covers(entry, host, HubHttp.port(uri)));
  }

  private static boolean covers(String entry, String host, int port) {
    Optional<byte[]> address = address(host);
    if (entry.equals("*") || (address.isPresent() && isWithin(address.get(), entry))) {
      return true;
    }
    String name = entry;
    if (entry.matches("(\\[.*]|[^:]*):" + port)) {
      name = entry.substring(0, entry.lastIndexOf(':'));
    }
    name = plain(name);
    if (address.isPresent()) {
      return Arrays.equals(address.get(), address(name).orElse(new byte[0]));
    }
    return host.equals(name) || host.endsWith("." + name);
  }

  /** Whether an address lies in a block such as 10.0.0.0/8 or fd00::/8. */
  private static boolean isWithin(byte[] address, String block) {
    int slash = block.indexOf('/');
    if (slash < 0 || !block.substring(slash + 1).matches("\\d{1,3}")) {
      return false;
    }
    int bits = Integer.parseInt(block.substring(slash + 1));
    byte[] start = address(block.substring(0, slash)).orElse(new byte[0]);
    if (start.length != address.length || bits > 8 * start.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int bit = 0x80 >> i % 8;
      if ((start[i / 8] & bit) != (address[i / 8] & bit)) {
        return false;
      }
    }
    return true;
  }

  /** The bytes of an address that is written as one; no name is ever looked up. */
  private static Optional<byte[]> address(String text) {
    if (text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
      return four(text.split("\\."));
    }
    // The JDK takes what begins so and has a colon for an IPv6 address, and nothing else for one.
    if (!text.matches("(?=.*:)[0-9a-f:][0-9a-f:.]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text).getAddress());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> four(String[] parts) {
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      int value = Integer.parseInt(parts[i]);
      if (value > 255) {
        return Optional.empty();
      }
      bytes[i] = (byte) value;
    }
    return Optional.of(bytes);
  }

  /** Without the brackets that an IPv6 address wears beside a port. */
  private static String plain(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
