package org.realera.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Single keys of the recipe, for every command that takes a recipe. */
final class Settings {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "A key of the recipe and its value; repeats.",
        "E.g. mining.d1=0.48 or alignment.enabled=false."
      },
      order = 24)
  private List<String> all = new ArrayList<>();

  /** As they were written, in order: the later wins. */
  List<String> all() {
    return all;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }
}
