package org.realera.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** Options of every command: how much it says, and its help. */
final class Verbosity {
  @Option(
      names = {"-v", "--verbose"},
      description = "Show the log, and stack traces of errors.",
      order = 100)
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.",
      order = 101)
  boolean help;

  /** Turns up the log if that was asked for. */
  void apply() {
    if (verbose) {
      LogSetup.verbose();
    }
  }

  /** Whether the command line, at whatever command, had {@code --verbose}. */
  static boolean isVerbose(ParseResult result) {
    for (ParseResult r = result; r != null; r = r.hasSubcommand() ? r.subcommand() : null) {
      if (r.hasMatchedOption("--verbose")) {
        return true;
      }
    }
    return false;
  }
}
