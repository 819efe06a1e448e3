package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README's commands, and those in the help and the recipes, parse: they stay executable. */
class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:^|\\s)(?:scripts/)?realera ((?:erase|generate|eval|model|scope)\\b[^#\\n]*)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#][^)]*)\\)");

  static List<String> commands() throws IOException {
    List<String> texts = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(Path.of("README.md")));
    while (block.find()) {
      texts.add(block.group(1));
    }
    try (Stream<Path> recipes = Files.list(Path.of("configs", "erase"))) {
      for (Path recipe : recipes.sorted().toList()) {
        texts.add(Files.readAllLines(recipe).get(0));
      }
    }
    for (String command :
        List.of(
            "--help",
            "erase --help",
            "generate --help",
            "eval --help",
            "model pull --help",
            "scope --help")) {
      String help = CommandRun.of(command.split(" ")).out();
      texts.add(
          help.substring(Math.max(help.indexOf("\nFirst steps"), help.indexOf("\nExamples"))));
    }
    List<String> commands = new ArrayList<>();
    for (String text : texts) {
      Matcher command = COMMAND.matcher(text.replaceAll("\\\\\\n\\s*", " "));
      while (command.find()) {
        commands.add(command.group(1).strip());
      }
    }
    return commands;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandParses(String command) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find()) {
      words.add(Stream.of(1, 2, 3).map(word::group).filter(g -> g != null).findFirst().orElse(""));
    }
    Console console = new Console(sink(), sink(), Map.of(), 0);
    var line =
        Main.commandLine(
            console, new CommandRun.FakeCore(), new Interruption(), new ErrorReport(console));
    assertThatCode(() -> line.parseArgs(words.toArray(String[]::new)))
        .as(command)
        .doesNotThrowAnyException();
  }

  private static PrintStream sink() {
    return new PrintStream(PrintStream.nullOutputStream());
  }

  @Test
  void theReadmeHasTheTwoFirstCommands() throws IOException {
    assertThat(commands())
        .hasSizeGreaterThan(10)
        .anyMatch(c -> c.startsWith("erase --model pocket --concept airplane"))
        .anyMatch(c -> c.startsWith("generate --model out/no-airplane"));
  }

  @Test
  void theReadmesLinksLeadToFilesThatExist() throws IOException {
    Matcher link = LINK.matcher(Files.readString(Path.of("README.md")));
    while (link.find()) {
      if (!link.group(1).startsWith("http")) {
        assertThat(Path.of(link.group(1))).exists();
      }
    }
  }
}
