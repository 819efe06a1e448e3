package org.realera.checkpoint.architecture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.Json;

/**
 * One JSON object of a checkpoint's configuration; every complaint names file and key. A key that
 * is absent or null takes the default that diffusers or transformers would take.
 */
final class ConfigJson {
  private static final ObjectReader JSON =
      Json.STRICT.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final long MAX_BYTES = 64L << 20;

  private final Path file;
  private final String prefix;
  private final ObjectNode node;

  private ConfigJson(Path file, String prefix, ObjectNode node) {
    this.file = file;
    this.prefix = prefix;
    this.node = node;
  }

  /** Reads a file that must hold one JSON object. */
  static ConfigJson read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw RealeraException.damaged(
            file + " is too large for a configuration: " + Files.size(file) + " bytes",
            "Fetch the file again; it should be a few kilobytes of JSON.");
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      JsonNode node = JSON.readTree(text);
      if (node instanceof ObjectNode object) {
        return new ConfigJson(file, "", object);
      }
      throw RealeraException.damaged(
          file + ": expected a JSON object, found " + describe(node), "Fetch the file again.");
    } catch (NoSuchFileException e) {
      throw RealeraException.notFound(
          file + " is missing", "Give a complete diffusers folder, or fetch the missing file.");
    } catch (JsonProcessingException e) {
      throw new RealeraException(
          RealeraException.Kind.DAMAGED,
          file + " is not valid JSON: " + firstLine(e.getOriginalMessage()),
          "Fetch the file again.",
          e);
    } catch (IOException e) {
      throw new RealeraException(
          RealeraException.Kind.DAMAGED,
          "can't read " + file + ": " + firstLine(e.toString()),
          "Check that the file is readable UTF-8 text.",
          e);
    }
  }

  Path file() {
    return file;
  }

  List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** The object under {@code key}, or this one if there is none. */
  ConfigJson childOrSelf(String key) {
    return node.get(key) instanceof ObjectNode child
        ? new ConfigJson(file, prefix + key + ".", child)
        : this;
  }

  /** The raw value, null if absent or JSON null. */
  @Nullable JsonNode value(String key) {
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? null : value;
  }

  /** A whole number of at least one. */
  int count(String key, int fallback) {
    JsonNode value = value(key);
    return value == null ? fallback : count(key, value);
  }

  private int count(String key, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw wrong(key, "a whole number of at least 1", value);
    }
    return value.intValue();
  }

  int integer(String key, int fallback) {
    JsonNode value = value(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(key, "a whole number", value);
    }
    return value.intValue();
  }

  double real(String key, double fallback) {
    JsonNode value = value(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, "a number", value);
    }
    return value.doubleValue();
  }

  boolean flag(String key, boolean fallback) {
    JsonNode value = value(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw wrong(key, "true or false", value);
    }
    return value.booleanValue();
  }

  String text(String key, String fallback) {
    JsonNode value = value(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isTextual()) {
      throw wrong(key, "a string", value);
    }
    return value.textValue();
  }

  /** A string that must be one of those we implement. */
  String oneOf(String key, String fallback, Set<String> known) {
    String value = text(key, fallback);
    if (!known.contains(value)) {
      throw unsupported(key, "one of " + known.stream().sorted().toList(), '"' + value + '"');
    }
    return value;
  }

  /**
   * A list of counts, or one count repeated {@code size} times; {@code size} 0 means any length.
   */
  List<Integer> counts(String key, List<Integer> fallback, int size) {
    JsonNode value = value(key);
    if (value == null) {
      return fallback;
    }
    List<Integer> list = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(v -> list.add(count(key, v)));
    } else {
      int one = count(key, value);
      for (int i = 0; i < Math.max(1, size); i++) {
        list.add(one);
      }
    }
    if (list.isEmpty() || (size > 0 && list.size() != size)) {
      throw wrong(key, size > 0 ? size + " numbers" : "a list of numbers", value);
    }
    return List.copyOf(list);
  }

  List<String> texts(String key, List<String> fallback, Set<String> known) {
    JsonNode value = value(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isArray() || value.isEmpty()) {
      throw wrong(key, "a list of strings", value);
    }
    List<String> list = new ArrayList<>();
    for (JsonNode v : value) {
      if (!v.isTextual() || !known.contains(v.textValue())) {
        throw unsupported(key, "only " + known.stream().sorted().toList(), describe(v));
      }
      list.add(v.textValue());
    }
    return List.copyOf(list);
  }

  /** Refuses an architecture switch that we do not implement, unless it is off. */
  void mustBe(String key, Set<String> allowed) {
    JsonNode value = value(key);
    if (value != null && !allowed.contains(value.asText())) {
      String names = String.join(" or ", allowed.stream().sorted().toList());
      throw unsupported(key, allowed.isEmpty() ? "null" : names, value);
    }
  }

  /** Refuses a part that does not divide the whole, e.g. heads and width. */
  void mustDivide(String key, int part, String wholeKey, int whole) {
    if (whole % part != 0) {
      throw wrong(key, "a divisor of " + wholeKey + " " + whole, part);
    }
  }

  RealeraException wrong(String key, String expected, Object found) {
    return RealeraException.damaged(
        "%s: %s%s should be %s, found %s"
            .formatted(file, prefix, key, expected, shorten(found.toString())),
        "Fetch the file again; it does not describe a model of this kind.");
  }

  RealeraException unsupported(String key, String expected, Object found) {
    return RealeraException.damaged(
        "%s: %s%s is %s, which is not supported (expected %s)"
            .formatted(file, prefix, key, shorten(found.toString()), expected),
        "Use a Stable Diffusion 1.x or 2.x model in the diffusers layout.");
  }

  private static String describe(JsonNode node) {
    return shorten(node.isMissingNode() ? "nothing" : node.toString());
  }

  private static String shorten(String text) {
    String line = firstLine(text);
    return line.length() <= 80 ? line : line.substring(0, 77) + "...";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
