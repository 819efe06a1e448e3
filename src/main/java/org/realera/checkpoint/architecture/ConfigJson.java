package org.realera.checkpoint.architecture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.Json;
import org.realera.files.TextFile;

/**
 * One JSON object of a checkpoint's configuration; every complaint names file and key. A key that
 * is absent takes the default that diffusers or transformers would take. One that is null is there:
 * it counts as false where there is a switch, and is refused where there is anything else, unless
 * null is the default.
 */
final class ConfigJson {
  private static final JsonNode OFF = BooleanNode.FALSE;
  private static final String SAMPLE_SIZE = "sample_size";
  private static final int MOST_SIZE = 8192;
  private static final long MAX_BYTES = 64L << 20;

  /** Resolutions of a network; each halves the size of the last. */
  private static final int MOST_ENTRIES = 12;

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
      String text = TextFile.read(file, MAX_BYTES, "Fetch the file again.");
      JsonNode node = Json.STRICT.readTree(text);
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
          file + " is not valid JSON: " + Json.reason(e),
          "Fetch the file again.",
          e);
    } catch (IOException e) {
      throw new RealeraException(
          RealeraException.Kind.DAMAGED,
          "can't read " + file + ": " + firstLine(e.toString()),
          "Check the file and its rights.",
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

  /**
   * The object under {@code key}, or this one if there is none, or null.
   *
   * @throws RealeraException (damaged) if there is anything else
   */
  ConfigJson childOrSelf(String key) {
    JsonNode value = value(key);
    if (value == null) {
      return this;
    }
    if (value instanceof ObjectNode child) {
      return new ConfigJson(file, prefix + key + ".", child);
    }
    throw wrong(key, "a JSON object", value);
  }

  /**
   * A tower of a whole CLIP model, as transformers' CLIPConfig finds it: the object under {@code
   * key}, unless there is one under that name with {@code _dict}. That one has the last word, and
   * on what it leaves out the defaults have it.
   *
   * @throws RealeraException as {@link #childOrSelf}
   */
  ConfigJson tower(String key) {
    ConfigJson older = childOrSelf(key + "_dict");
    return older == this ? childOrSelf(key) : older;
  }

  /** The raw value, null if absent or JSON null. */
  @Nullable JsonNode value(String key) {
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? null : value;
  }

  /** The value of a key that is there, null included; else a null reference. */
  private @Nullable JsonNode present(String key) {
    return node.get(key);
  }

  /** A whole number from one to {@code most}. */
  int count(String key, int fallback, int most) {
    JsonNode value = present(key);
    return value == null ? fallback : count(key, value, most);
  }

  private int count(String key, JsonNode value, int most) {
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw wrong(key, "a whole number of at least 1", value);
    }
    if (value.intValue() > most) {
      throw wrong(key, "a whole number of at most " + most, value);
    }
    return value.intValue();
  }

  double real(String key, double fallback) {
    JsonNode value = present(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, "a number", value);
    }
    return value.doubleValue();
  }

  /** A switch; null is off, as Python takes it. */
  boolean flag(String key, boolean fallback) {
    JsonNode value = present(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean() && !value.isNull()) {
      throw wrong(key, "true or false", value);
    }
    return value.booleanValue();
  }

  String text(String key, String fallback) {
    JsonNode value = present(key);
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
    JsonNode value = present(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isTextual() || !known.contains(value.textValue())) {
      throw unsupported(key, "one of " + known.stream().sorted().toList(), describe(value));
    }
    return value.textValue();
  }

  /**
   * A list of counts, or one count repeated {@code size} times; {@code size} 0 means any length.
   *
   * @param most of each
   */
  List<Integer> counts(String key, List<Integer> fallback, int size, int most) {
    JsonNode value = present(key);
    if (value == null) {
      return fallback;
    }
    List<Integer> list = new ArrayList<>();
    if (value.isArray()) {
      if (value.size() > MOST_ENTRIES) {
        throw wrong(key, "a list of at most " + MOST_ENTRIES, value.size() + " entries");
      }
      value.forEach(v -> list.add(count(key, v, most)));
    } else {
      int one = count(key, value, most);
      for (int i = 0; i < Math.max(1, size); i++) {
        list.add(one);
      }
    }
    if (list.isEmpty() || (size > 0 && list.size() != size)) {
      throw wrong(key, size > 0 ? size + " numbers" : "a list of numbers", value);
    }
    return List.copyOf(list);
  }

  /**
   * One count, or a list of {@code size} that are all equal, which diffusers takes in its place.
   *
   * @param most of each
   */
  int same(String key, int fallback, int size, int most) {
    List<Integer> counts = counts(key, List.of(fallback), size, most);
    if (counts.stream().distinct().count() != 1) {
      throw unsupported(key, "one number, or equal ones", String.valueOf(present(key)));
    }
    return counts.get(0);
  }

  /**
   * The height and width that a network was trained at: one number, or two equal ones.
   *
   * @param fallback taken for null too, which is the default of a U-Net
   */
  int sampleSize(int fallback) {
    return value(SAMPLE_SIZE) == null ? fallback : same(SAMPLE_SIZE, fallback, 2, MOST_SIZE);
  }

  List<String> texts(String key, List<String> fallback, Set<String> known) {
    JsonNode value = present(key);
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

  /** Refuses a value, or an entry of a list, that we do not implement; null is one. */
  void mustBe(String key, Set<String> allowed) {
    JsonNode value = present(key);
    if (value != null
        && !entries(value).stream().map(JsonNode::asText).allMatch(allowed::contains)) {
      throw unsupported(key, String.join(" or ", allowed.stream().sorted().toList()), value);
    }
  }

  /** Refuses a part that we do not implement, unless it is null. */
  void mustBeNull(String key) {
    JsonNode value = present(key);
    if (value != null && !value.isNull()) {
      throw unsupported(key, "null", value);
    }
  }

  /** Refuses a switch, or a list of them, that we do not implement, unless all are off. */
  void mustBeOff(String key) {
    JsonNode value = present(key);
    if (value != null && !entries(value).stream().allMatch(v -> v.isNull() || v.equals(OFF))) {
      throw unsupported(key, "false", value);
    }
  }

  /** The entries of a list that has some; else the value itself. */
  private static List<JsonNode> entries(JsonNode value) {
    List<JsonNode> entries = new ArrayList<>();
    value.forEach(entries::add);
    return value.isArray() && !value.isEmpty() ? entries : List.of(value);
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
