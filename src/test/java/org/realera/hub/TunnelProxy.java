package org.realera.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy on this machine that opens tunnels (CONNECT) and does nothing else. Whatever the name
 * that is asked for, it leads to this machine.
 */
final class TunnelProxy implements AutoCloseable {
  private final ServerSocket socket;
  private final String credentials;
  private volatile List<String> logins = List.of("Basic realm=\"here\"");
  private final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * @param credentials {@code user:password} that it wants; empty for none
   */
  TunnelProxy(String credentials) throws IOException {
    this.credentials = credentials;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** The next requests get these answers. */
  TunnelProxy refuse(Integer... statuses) {
    refusals.addAll(Arrays.asList(statuses));
    return this;
  }

  /** Offers other ways to log in than Basic. */
  TunnelProxy offering(String... some) {
    logins = List.of(some);
    return this;
  }

  /** All that was said to it, a text for each request. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      for (String head = head(client); !head.isEmpty(); head = head(client)) {
        requests.add(head);
        int status = status(head);
        StringBuilder authenticate = new StringBuilder();
        if (status == 407) {
          logins.forEach(l -> authenticate.append("Proxy-Authenticate: " + l + "\r\n"));
        }
        String length = status == 200 ? "" : "Content-Length: 0\r\n";
        String answer = "HTTP/1.1 %d Answer\r\n%s%s\r\n".formatted(status, authenticate, length);
        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        if (status == 200) {
          tunnel(client, Integer.parseInt(head.split("[: ]")[2]));
          return;
        }
      }
    } catch (IOException e) {
      // The client sees it, too.
    }
  }

  private int status(String head) {
    String wanted = Base64.getEncoder().encodeToString(credentials.getBytes());
    if (!credentials.isEmpty() && !head.contains("Proxy-Authorization: Basic " + wanted + "\r\n")) {
      return 407;
    }
    Integer refusal = refusals.poll();
    return refusal != null ? refusal : head.startsWith("CONNECT ") ? 200 : 405;
  }

  private void tunnel(Socket client, int port) throws IOException {
    try (Socket host = new Socket(InetAddress.getLoopbackAddress(), port)) {
      open.add(host);
      threads.execute(() -> pump(host, client));
      client.getInputStream().transferTo(host.getOutputStream());
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One side has hung up.
    }
  }

  /** A request without its body; empty at the end. */
  private static String head(Socket client) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    InputStream in = client.getInputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      bytes.write(b);
      String text = bytes.toString(StandardCharsets.ISO_8859_1);
      if (text.endsWith("\r\n\r\n")) {
        return text;
      }
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket each : open) {
      each.close();
    }
    threads.shutdownNow();
  }
}
