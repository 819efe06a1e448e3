package org.realera.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.realera.RealeraException;

/** What the process returns; part of the contract with shell scripts and batch systems. */
enum ExitCode {
  DONE(0, "done"),
  FAILED(1, "failed: the work was tried and could not be completed"),
  USAGE(2, "usage: the command line or a recipe asks for what makes no sense"),
  NOT_FOUND(3, "a model, file or data set is not where it was looked for"),
  DAMAGED(4, "a file is damaged, or of a kind that is not supported"),
  RESOURCES(5, "out of memory or disk"),
  INTERRUPTED(130, "interrupted by Ctrl-C; what can be resumed is saved"),
  TERMINATED(143, "terminated, e.g. by a batch system; what can be resumed is saved");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  static ExitCode of(RealeraException.Kind kind) {
    return Arrays.stream(values())
        .filter(c -> c.code == kind.exitCode())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no exit code for " + kind));
  }

  /** Code to meaning, in order, as picocli's help wants them. */
  static Map<String, String> forHelp() {
    Map<String, String> entries = new LinkedHashMap<>();
    for (ExitCode c : values()) {
      entries.put(String.valueOf(c.code), c.meaning);
    }
    return entries;
  }
}
