package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private static final String COMMAND = "realera.command";

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final PrintStream to = new PrintStream(err, true, StandardCharsets.UTF_8);
  private final Console console = new Console(to, to, Map.of(), 0);

  @AfterEach
  void forget() {
    System.clearProperty(COMMAND);
  }

  @Test
  void commandsToRunNextAreCalledAsTheUserCalledThisOne() {
    assertThat(Console.asTyped("run realera model pull x")).isEqualTo("run realera model pull x");
    System.setProperty(COMMAND, "scripts/realera");
    assertThat(Console.asTyped("run realera model pull x"))
        .isEqualTo("run scripts/realera model pull x");
    assertThat(Console.asTyped("download realera again")).isEqualTo("download realera again");
    console.note("see `realera model info`");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("realera: see `scripts/realera model info`\n");
    console.error("no", "fetch it with `realera model pull`");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("`scripts/realera model pull`");
    assertThat(CommandRun.of("erase", "-m", "pocket", "-c", "cat=dog").out())
        .contains("\n  scripts/realera generate --model ");
  }

  @Test
  void whatTheUserWroteDoesNotFillTheScreen() {
    console.error("the concept \"" + "cat ".repeat(500) + "\" can't be read, it's too long", "");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "realera: error: the concept \""
                + "cat ".repeat(20)
                + "...\" can't be read, it's too long\n");
  }

  @Test
  void anApostropheIsNoQuote() {
    String message = "it can't be read, " + "and so on ".repeat(20) + "as it doesn't end";
    console.error(message, "");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(message);
  }
}
