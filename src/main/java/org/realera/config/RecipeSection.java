package org.realera.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * A group of keys of a recipe being read. Each getter takes the default for when the key is absent,
 * and remembers that the key is known; {@link #finish} then rejects all others.
 */
final class RecipeSection {
  private final String file;
  private final String path;
  private final Map<String, YamlNode.Entry> entries;
  private final Map<String, Integer> lines;
  private final List<String> known = new ArrayList<>();

  private RecipeSection(
      String file, String path, Map<String, YamlNode.Entry> entries, Map<String, Integer> lines) {
    this.file = file;
    this.path = path;
    this.entries = entries;
    this.lines = lines;
  }

  static RecipeSection root(String file, YamlNode node) {
    return of(file, "", node.line(), node, new LinkedHashMap<>());
  }

  private static RecipeSection of(
      String file, String path, int line, YamlNode node, Map<String, Integer> lines) {
    if (node instanceof YamlNode.Mapping mapping) {
      mapping.entries().forEach((key, entry) -> lines.putIfAbsent(path + key, entry.line()));
      return new RecipeSection(file, path, mapping.entries(), lines);
    }
    if (node instanceof YamlNode.Scalar scalar && scalar.text() == null) {
      return new RecipeSection(file, path, Map.of(), lines);
    }
    String what = path.isEmpty() ? "the recipe" : path.substring(0, path.length() - 1);
    throw wrongType(file, line, what, "a group of keys", node);
  }

  RecipeSection section(String key) {
    YamlNode.Entry entry = entry(key);
    String inner = path + key + ".";
    return entry == null
        ? new RecipeSection(file, inner, Map.of(), lines)
        : of(file, inner, entry.line(), entry.value(), lines);
  }

  boolean flag(String key, boolean standard) {
    return scalar(
        key,
        standard,
        "true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> null;
            });
  }

  /** One of an enum's values by its name in lower case. */
  <T extends Enum<T>> T choice(String key, T standard, Class<T> type) {
    List<T> values = List.of(type.getEnumConstants());
    Function<T, String> label = value -> value.name().toLowerCase(Locale.ROOT);
    return scalar(
        key,
        standard,
        "one of " + values.stream().map(label).collect(Collectors.joining(", ")),
        text -> values.stream().filter(v -> label.apply(v).equals(text)).findFirst().orElse(null));
  }

  int integer(String key, int standard) {
    return scalar(
        key, standard, "a whole number", text -> parsed(() -> Integer.valueOf(plain(text))));
  }

  long integer(String key, long standard) {
    return scalar(key, standard, "a whole number", text -> parsed(() -> Long.valueOf(plain(text))));
  }

  double number(String key, double standard) {
    return scalar(key, standard, "a number", text -> parsed(() -> Double.valueOf(plain(text))));
  }

  List<String> texts(String key, List<String> standard) {
    return list(
        key,
        standard,
        "a list of texts",
        item -> item instanceof YamlNode.Scalar scalar ? scalar.text() : null);
  }

  List<ConceptPair> pairs(String key, List<ConceptPair> standard) {
    String expected = "a list of {concept: ..., anchor: ...}";
    return list(
        key,
        standard,
        expected,
        item -> {
          if (!(item instanceof YamlNode.Mapping)) {
            return null;
          }
          RecipeSection pair = of(file, path + key + ".", item.line(), item, lines);
          String concept = pair.text("concept", item.line());
          String anchor = pair.text("anchor", item.line());
          pair.finish();
          try {
            return new ConceptPair(concept, anchor);
          } catch (RealeraException e) {
            throw RealeraException.usage(
                file + ", line " + item.line() + ": " + e.getMessage(), e.remedy());
          }
        });
  }

  private String text(String key, int line) {
    if (entry(key) == null) {
      throw RealeraException.usage(
          file + ", line " + line + ": " + path + key + " is missing", "add it");
    }
    return scalar(key, "", "a text", text -> text);
  }

  /** Rejects keys that no getter asked for, naming the nearest that one did. */
  void finish() {
    entries.forEach(
        (key, entry) -> {
          if (!known.contains(key)) {
            String nearest = EditDistance.nearest(key, known);
            throw RealeraException.usage(
                file + ", line " + entry.line() + ": unknown key " + path + key,
                nearest == null
                    ? "known here are: " + String.join(", ", known)
                    : "did you mean " + path + nearest + "?");
          }
        });
  }

  /** The error with the file and, if its message starts with a key of the file, that key's line. */
  RealeraException located(RealeraException e) {
    String message = String.valueOf(e.getMessage());
    String key = message.substring(0, (message + " ").indexOf(' '));
    Integer line = lines.get(key);
    String where = line == null ? file : file + ", line " + line;
    return new RealeraException(e.kind(), where + ": " + message, e.remedy(), e);
  }

  private YamlNode.@Nullable Entry entry(String key) {
    known.add(key);
    return entries.get(key);
  }

  private <T> T scalar(
      String key, T standard, String expected, Function<String, @Nullable T> parse) {
    YamlNode.Entry entry = entry(key);
    if (entry == null) {
      return standard;
    }
    if (entry.value() instanceof YamlNode.Scalar scalar && scalar.text() != null) {
      T value = parse.apply(scalar.text());
      if (value != null) {
        return value;
      }
    }
    throw wrongType(file, entry.line(), path + key, expected, entry.value());
  }

  private <T> List<T> list(
      String key, List<T> standard, String expected, Function<YamlNode, @Nullable T> parse) {
    YamlNode.Entry entry = entry(key);
    if (entry == null) {
      return standard;
    }
    if (!(entry.value() instanceof YamlNode.Sequence sequence)) {
      throw wrongType(file, entry.line(), path + key, expected, entry.value());
    }
    List<T> values = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      T value = parse.apply(item);
      if (value == null) {
        throw wrongType(file, item.line(), path + key, expected, item);
      }
      values.add(value);
    }
    return values;
  }

  private static RealeraException wrongType(
      String file, int line, String key, String expected, YamlNode found) {
    return RealeraException.usage(
        file + ", line " + line + ": " + key + " must be " + expected + ", found " + found.kind(),
        "see configs/erase/object.yaml for an example of every key");
  }

  /** YAML allows underscores between digits; Java's parsers do not. */
  private static String plain(String text) {
    return text.replace("_", "");
  }

  private interface Parse<T> {
    T get();
  }

  private static <T> @Nullable T parsed(Parse<T> parse) {
    try {
      return parse.get();
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
