package org.realera.hub;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** What happens to one request instead of a good answer. */
@FunctionalInterface
interface HubFault {
  /** Answers; false lets the good answer follow. */
  boolean answer(HttpExchange exchange, byte[] content) throws IOException;

  static HubFault status(int code, String... headers) {
    return (exchange, content) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(code, -1);
      exchange.close();
      return true;
    };
  }

  static HubFault redirect(String location) {
    return status(302, "Location", location);
  }

  /** Promises all, and hangs up after some. */
  static HubFault cutAfter(int bytes) {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, content.length);
      OutputStream out = exchange.getResponseBody();
      out.write(content, 0, bytes);
      out.flush();
      exchange.close();
      return true;
    };
  }

  /** Sends something else of the same length. */
  static HubFault otherBytes() {
    return (exchange, content) -> {
      byte[] wrong = content.clone();
      wrong[wrong.length / 2] ^= 1;
      send(exchange, 200, wrong);
      return true;
    };
  }

  /** Takes no notice of the range that was asked for. */
  static HubFault ignoringTheRange() {
    return (exchange, content) -> {
      send(exchange, 200, content);
      return true;
    };
  }

  /** A good answer, as the second of several. */
  static HubFault none() {
    return (exchange, content) -> false;
  }

  /** A whole answer. */
  static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
  }
}
