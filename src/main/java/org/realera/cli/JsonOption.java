package org.realera.cli;

import picocli.CommandLine.Option;

/** {@code --json}: one JSON object on stdout in place of text. */
interface JsonOption {

  boolean json();

  /** Of commands that say what they did. */
  final class OfResult implements JsonOption {
    @Option(names = "--json", description = "Print the result as JSON.", order = 90)
    private boolean json;

    @Override
    public boolean json() {
      return json;
    }
  }

  /** Of commands that sum up a measurement. */
  final class OfSummary implements JsonOption {
    @Option(names = "--json", description = "Print the summary as JSON.", order = 90)
    private boolean json;

    @Override
    public boolean json() {
      return json;
    }
  }
}
