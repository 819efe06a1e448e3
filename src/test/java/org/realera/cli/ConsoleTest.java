package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.realera.files.Json;

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

  /** Whatever prints, through whichever method. */
  @Test
  void noCommandReachesTheTerminal() {
    String evil = "a\u001b[2J\u009b\u202e\rb";
    String plain = "a\\u001b[2J\\u009b\\u202e\\u000db";
    for (var printer : List.of(console.out(), console.err())) {
      printer.println(evil);
      printer.println((Object) evil);
      printer.println(evil.toCharArray());
      printer.print(evil);
      printer.println();
      printer.print((Object) evil);
      printer.print('\u001b');
      printer.append(evil).append('\u001b');
      printer.printf("%n%s %d%n", evil, 1);
      printer.printf(Locale.ROOT, "%5s%n", "\u001b");
      new IllegalStateException(evil).printStackTrace(printer);
    }
    console.note(evil);
    console.warn(evil);
    console.error(evil, "do " + evil);
    try (Display display = Display.on(console)) {
      display.begin(evil, 2);
      display.note(evil);
    }
    String shown = err.toString(StandardCharsets.UTF_8);
    assertThat(shown).doesNotContain("\u001b", "\u009b", "\u202e", "\r");
    assertThat(shown).startsWith((plain + "\n").repeat(4));
    assertThat(shown).contains("realera: warning: " + plain + "\n", "\n" + plain + " 1\n");
  }

  @Test
  void aBarShowsNoneEither() {
    try (Display display = new BarDisplay(console.err(), 60)) {
      display.begin("Align \u001b[2J", 2);
      display.advance(1, "\u009b");
      display.note("\u001b");
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .doesNotContain("\u001b", "\u009b")
        .contains("Align \\u001b[2J", "\r");
  }

  @Test
  void jsonStaysJson() throws Exception {
    String evil = "\u001b\u009b\u202e\u007f";
    console.printJson(Map.of("name", evil));
    String text = err.toString(StandardCharsets.UTF_8);
    assertThat(text).doesNotContain("\u001b", "\u009b", "\u202e", "\u007f");
    assertThat(Json.READER.readTree(text).get("name").textValue()).isEqualTo(evil);
  }

  /** As commands print them. */
  private record Printed(
      int baseCount, double largest, @Nullable String left, Map<String, @Nullable String> byName) {}

  @Test
  void aRecordIsPrintedAfterItsSchemaWithoutWhatIsNull() {
    Map<String, @Nullable String> byName = new HashMap<>();
    byName.put("aName", null);
    console.printJson(JsonForm.ERASE, new Printed(1, Double.POSITIVE_INFINITY, null, byName));
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines(
            """
            {
              "schema" : "realera-erase/1",
              "base_count" : 1,
              "largest" : "Infinity",
              "by_name" : {
                "aName" : null
              }
            }
            """);
  }
}
