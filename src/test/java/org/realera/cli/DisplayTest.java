package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DisplayTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void aLogGetsALineEveryFiveSeconds() {
    var now = new AtomicLong();
    try (Display display = new LineDisplay(err, now::get)) {
      display.begin("Align", 100);
      for (int step = 1; step <= 12; step++) {
        now.addAndGet(1_000_000_000L);
        display.advance(step, "loss 0.5");
      }
      assertThat(display.end()).isEqualTo("12.0 s");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("Align: 5/100 (5.0 s, loss 0.5)\nAlign: 10/100 (10.0 s, loss 0.5)\n");
  }

  @Test
  void aBarNeitherOutgrowsTheTerminalNorStays() {
    try (Display display = new BarDisplay(err, 60)) {
      display.begin("Align predicted noise", 100);
      display.advance(50, "loss 0.1234");
      display.end();
    }
    String shown = bytes.toString(StandardCharsets.UTF_8);
    assertThat(shown).doesNotContain("\n");
    assertThat(shown.split("\r")).allSatisfy(s -> assertThat(s).hasSizeLessThan(60));
    assertThat(shown.substring(shown.lastIndexOf('\r', shown.length() - 2))).isBlank();
  }

  /** The library closes the screen only of a bar that its timer has drawn before. */
  @Test
  void aBarThatWasDrawnLongBeforeItsEndBreaksNoLineEither() {
    try (var screen = new BarDisplay.Screen(err, 59)) {
      screen.accept("50/100");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r50/100");
  }
}
