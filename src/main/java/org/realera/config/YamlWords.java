package org.realera.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/** What a kind of YAML file calls its faults; {@link YamlRecords} finds the same ones in each. */
public interface YamlWords {
  /** The whole file, e.g. {@code the recipe}. */
  String whole();

  /** What to do about a fault where there is nothing nearer to say. */
  String remedy();

  /**
   * A key that is not known.
   *
   * @param group the groups around it, each ended by a dot; empty at the top
   * @param known the keys of that group
   */
  default String unknown(String group, String key, List<String> known) {
    return "unknown key " + group + key;
  }

  /** What to do about an unknown key that is like no other. */
  default String unknownRemedy(List<String> known) {
    return "Known here are: " + String.join(", ", known) + ".";
  }

  /**
   * The error of a key that is unknown here, but known elsewhere; null if it is not.
   *
   * @param where begins the message; empty if nobody wrote the key
   * @param path the key with the groups around it
   */
  default @Nullable RealeraException elsewhere(String where, String path) {
    return null;
  }

  /** A key that has no default and is not there. */
  default String missing(String group, String key) {
    return group + key + " is missing";
  }

  /** A text that the parser refuses, with its reason. */
  default String notYaml(String reason) {
    return reason;
  }
}
