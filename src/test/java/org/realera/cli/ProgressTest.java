package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void aLogGetsALineEveryFiveSeconds() {
    var now = new AtomicLong();
    try (Progress progress = new LineProgress(err, now::get)) {
      progress.begin("Align", 100);
      for (int step = 1; step <= 12; step++) {
        now.addAndGet(1_000_000_000L);
        progress.advance(step, "loss 0.5");
      }
      assertThat(progress.end()).isEqualTo("12.0 s");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("Align: 5/100 (5.0 s, loss 0.5)\nAlign: 10/100 (10.0 s, loss 0.5)\n");
  }

  @Test
  void aBarNeitherOutgrowsTheTerminalNorStays() {
    try (Progress progress = new BarProgress(err, 60)) {
      progress.begin("Align predicted noise", 100);
      progress.advance(50, "loss 0.1234");
      progress.end();
    }
    String shown = bytes.toString(StandardCharsets.UTF_8);
    assertThat(shown).doesNotContain("\n");
    assertThat(shown.split("\r")).allSatisfy(s -> assertThat(s).hasSizeLessThan(60));
    assertThat(shown.substring(shown.lastIndexOf('\r', shown.length() - 2))).isBlank();
  }

  /** The library closes the screen only of a bar that its timer has drawn before. */
  @Test
  void aBarThatWasDrawnLongBeforeItsEndBreaksNoLineEither() {
    try (var screen = new BarProgress.Screen(err, 59)) {
      screen.accept("50/100");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r50/100");
  }
}
