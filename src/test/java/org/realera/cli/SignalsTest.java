package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.realera.OtherJvm;
import org.realera.golden.Golden;

/** What SIGTERM does to the program itself. */
class SignalsTest {
  @TempDir private Path temp;

  @Test
  @Timeout(300)
  void theWorkStopsAfterItsStepAndCleansUp() throws Exception {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    assumeFalse(os.contains("windows"), "has no SIGTERM");
    Path out = temp.resolve("pictures");
    // More than anybody waits for, and the sheet is written when all are drawn.
    Process process =
        OtherJvm.running(
                Main.class,
                "generate",
                "--model",
                Golden.path("tiny-sd").toString(),
                "--prompt",
                "x",
                "--count",
                "10000",
                "--steps",
                "999",
                "--device",
                "cpu",
                "--out",
                out.resolve("sheet.png").toString())
            .start();
    try {
      process.getOutputStream().close();
      BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
      assertThat(firstProgress(errors)).startsWith("Draw: ");
      process.toHandle().destroy(); // Process.destroy closes the streams, too
      List<String> rest = errors.lines().toList();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(rest)
          .contains("realera: stopping after this step ...")
          .anyMatch(line -> line.startsWith("realera: stopped: nothing was written"));
      assertThat(process.exitValue()).isEqualTo(128 + 15);
      assertThat(out).isEmptyDirectory();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The first line that tells of steps, or the last line of all. */
  private static String firstProgress(BufferedReader errors) throws IOException {
    String last = "";
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      last = line;
      if (line.startsWith("Draw: ")) {
        break;
      }
    }
    return last;
  }
}
