package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.realera.files.Json;

/**
 * Settings and texts that ship, one value a line: {@code whose key value}. Files of {@code
 * golden/shipped} say them once more, so that nobody changes a digit of them unawares.
 */
public final class Shipped {
  /** A list's entries share lines up to here. */
  private static final int WIDTH = 110;

  private final List<String> lines = new ArrayList<>();

  /** Adds all values of a record or a tree, in its order; what is null is left out. */
  public Shipped all(String whose, Object value) {
    leaves(value).forEach((key, leaf) -> add(whose + " " + key, leaf));
    return this;
  }

  /** Adds those values that are not the standard's. */
  public Shipped differences(String whose, Map<String, JsonNode> standard, Object value) {
    differences(standard, value).forEach((key, leaf) -> add(whose + " " + key, leaf));
    return this;
  }

  /** The values of a record or a tree that are not the standard's, by their dotted keys. */
  public static Map<String, JsonNode> differences(Map<String, JsonNode> standard, Object value) {
    Map<String, JsonNode> differences = leaves(value);
    differences.entrySet().removeAll(standard.entrySet());
    return differences;
  }

  /** The values of a record or a tree by their dotted keys. */
  public static Map<String, JsonNode> leaves(Object value) {
    Map<String, JsonNode> leaves = new LinkedHashMap<>();
    put("", Json.tree(value), leaves);
    return leaves;
  }

  private static void put(String key, JsonNode value, Map<String, JsonNode> leaves) {
    if (value.isObject()) {
      String group = key.isEmpty() ? "" : key + ".";
      value.properties().forEach(e -> put(group + e.getKey(), e.getValue(), leaves));
    } else if (!value.isNull()) {
      leaves.put(key, value);
    }
  }

  private void add(String key, JsonNode value) {
    if (!value.isArray()) {
      lines.add(key + " " + value);
      return;
    }
    String line = key + (value.isEmpty() ? " none" : "");
    for (JsonNode entry : value) {
      String said = text(entry);
      String more = line + " " + said;
      if (more.length() > WIDTH && line.length() > key.length()) {
        lines.add(line);
        line = key + " " + said;
      } else {
        line = more;
      }
    }
    lines.add(line);
  }

  /** An entry without its empty lists and what is null. */
  private static String text(JsonNode entry) {
    if (entry instanceof ObjectNode group) {
      group.properties().removeIf(e -> e.getValue().isEmpty() && !e.getValue().isValueNode());
      group.properties().removeIf(e -> e.getValue().isNull());
    }
    return entry.toString();
  }

  /** Holds what was added against a file of {@code golden/shipped}. */
  public void assertIs(String file) {
    List<String> said;
    try {
      said = Files.readAllLines(Golden.path("shipped/" + file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(without(lines, said)).as("ships, but %s does not say it", file).isEmpty();
    assertThat(without(said, lines)).as("%s says it, but it does not ship", file).isEmpty();
    assertThat(lines).isEqualTo(said);
  }

  private static List<String> without(List<String> lines, List<String> others) {
    List<String> rest = new ArrayList<>(lines);
    rest.removeAll(others);
    return rest;
  }
}
