package org.realera.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.realera.RealeraException;
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

  /**
   * Refuses a key that something else decides.
   *
   * @param decided what does, in words
   * @param settings {@code KEY=VALUE} or {@code METHOD:KEY=VALUE} each
   * @throws RealeraException (usage) if one of the settings is of that key
   */
  static void requireNone(String key, String decided, List<String> settings) {
    Pattern ofKey =
        Pattern.compile("([\\w-]+:)?\\s*" + Pattern.quote(key) + "\\s*=.*", Pattern.DOTALL);
    for (String setting : settings) {
      if (ofKey.matcher(setting).matches()) {
        throw RealeraException.usage(
            "--set " + setting + " would have no effect: " + decided, "Leave it out.");
      }
    }
  }
}
