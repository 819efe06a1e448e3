package org.realera.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A console that keeps what is said on it. */
final class Said {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  Console console() {
    return new Console(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of(),
        0);
  }

  /** Its lines; columns, which blanks keep apart, with a bar between. */
  List<String> rows() {
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.replaceAll("(?<=\\S) {2,}", " | ").replaceAll("^ {9,}", "| "))
        .toList();
  }

  String notes() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
