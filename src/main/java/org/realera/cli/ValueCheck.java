package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.realera.RealeraException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Finds slips of the pen that a parser takes for values. */
final class ValueCheck {
  private static final Pattern LONG_OPTION = Pattern.compile("--([a-z][a-z-]*(=(?s:.*))?)?");
  private static final Pattern OTHERS_HOME = Pattern.compile("~[^/]+(/.*)?");

  private ValueCheck() {}

  /**
   * Looks at all values of a command line.
   *
   * @throws RealeraException (usage) for a path that is empty or begins with another's {@code ~},
   *     and for an option in the place of a value
   */
  static void require(ParseResult result) {
    require(result, result.originalArgs());
  }

  private static void require(ParseResult result, List<String> words) {
    for (ArgSpec argument : result.matchedArgs()) {
      for (String value : argument.originalStringValues()) {
        if (argument instanceof OptionSpec option && words.contains(value)) {
          requireNoOption(option, value);
        }
        if (PathWords.mayBePath(argument)) {
          requirePath(name(argument), value);
        }
      }
    }
    if (result.hasSubcommand()) {
      require(result.subcommand(), words);
    }
  }

  /** {@code --out --forse}, where {@code --force} was meant; {@code --out=--forse} is meant. */
  private static void requireNoOption(OptionSpec option, String value) {
    boolean path = PathWords.mayBePath(option) && value.startsWith("-");
    if (path || LONG_OPTION.matcher(value).matches()) {
      String name = option.longestName();
      throw RealeraException.usage(
          name + ": the value is missing, or is '" + value + "', which looks like an option",
          "If it is the value, write " + ShellWords.quote(name + "=" + value) + ".");
    }
  }

  private static void requirePath(String name, String value) {
    if (value.isBlank()) {
      throw RealeraException.usage(
          name + " is empty", "Name a file or folder; this folder is a dot.");
    }
    if (OTHERS_HOME.matcher(value).matches() && !Files.exists(Path.of(value))) {
      throw RealeraException.usage(
          name + " is '" + value + "', and realera does not know other users' homes",
          "Write the path in full, or " + ShellWords.quote("./" + value) + " if that is its name.");
    }
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
