package org.realera.cli;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.realera.files.Environment;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParseResult;

/**
 * What names a file on the command line. A shell puts the home folder for the {@code ~} of {@code
 * --out ~/x}, but leaves that of {@code --out=~/x}; here both mean the same.
 */
final class PathWords {
  private static final Pattern LABEL = Pattern.compile("\\b(MODEL|BASE|SUITE|FILE|DIR|PATH)\\b");

  private final Environment environment;

  /**
   * @param environment says by HOME where {@code ~} is
   */
  PathWords(Environment environment) {
    this.environment = environment;
  }

  /** Whether an argument is a file or folder, or may be one, as its label says. */
  static boolean mayBePath(ArgSpec argument) {
    return LABEL.matcher(argument.paramLabel()).find();
  }

  /** The path that a word names. */
  Path path(String word) {
    return Path.of(environment.withHome(word));
  }

  /** The same for words that may be something else than a path, such as a model. */
  void expand(ParseResult result) {
    for (ArgSpec argument : result.matchedArgs()) {
      if (mayBePath(argument) && argument.getValue() instanceof String word) {
        argument.setValue(environment.withHome(word));
      }
    }
    if (result.hasSubcommand()) {
      expand(result.subcommand());
    }
  }
}
