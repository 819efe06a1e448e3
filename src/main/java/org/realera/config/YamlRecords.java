package org.realera.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.YamlNode.Entry;
import org.realera.config.YamlNode.Mapping;
import org.realera.config.YamlNode.Place;
import org.realera.config.YamlNode.Scalar;
import org.realera.config.YamlNode.Sequence;

/**
 * Records from YAML and back. A component's key is its name in snake case; it holds a boolean, a
 * number, a text, an enum, a record, or a list of texts or records. A sealed interface's component
 * has no key: the record chosen for it has its keys in the same group. What a record's constructor
 * refuses is an error at the place of the key that its message names.
 */
public final class YamlRecords {
  /** Keys that stand in an error's message, whose texts are in double quotes. */
  private static final Pattern KEY = Pattern.compile("\"[^\"]*\"|[a-z][a-z0-9_.]*[a-z0-9]");

  private final YamlWords words;
  private final Class<?> type;

  /** The record that stands for the top's sealed interface, if it has one. */
  private final @Nullable Class<? extends Record> chosen;

  /** Where each key stands, by its path from the top. */
  private final Map<String, Place> places = new LinkedHashMap<>();

  private YamlRecords(YamlWords words, Class<?> type, @Nullable Class<? extends Record> chosen) {
    this.words = words;
    this.type = type;
    this.chosen = chosen;
  }

  /**
   * Reads a record from a text that says all of it.
   *
   * @param source names the text in errors
   * @throws RealeraException (usage) with source and line, if it is no such record
   */
  public static <T extends Record> T read(
      String source, String yaml, Class<T> type, YamlWords words) {
    Mapping root = group(YamlParser.file(source, yaml, words), words);
    if (root.entries().isEmpty()) {
      throw RealeraException.usage(new Place(source, 0).says("the file is empty"), words.remedy());
    }
    return bind(root, type, words);
  }

  /** The top of a document, which is a group of keys. */
  static Mapping group(YamlNode root, YamlWords words) {
    if (root instanceof Mapping mapping) {
      return mapping;
    }
    if (root instanceof Scalar scalar && scalar.text() == null) {
      return new Mapping(root.place(), Map.of());
    }
    throw wrongType(root.place(), words.whole(), "a group of keys", root, words);
  }

  /** A record from nodes that say all of it. */
  static <T extends Record> T bind(Mapping root, Class<T> type, YamlWords words) {
    return bind(root, type, null, words);
  }

  /**
   * The same of a record that has a choice.
   *
   * @param chosen which record stands for it
   */
  static <T extends Record> T bind(
      Mapping root, Class<T> type, @Nullable Class<? extends Record> chosen, YamlWords words) {
    YamlRecords records = new YamlRecords(words, type, chosen);
    records.check(root, "", type);
    return type.cast(records.record("", root, type, false));
  }

  /**
   * A record as ordered maps, lists, texts, numbers and booleans.
   *
   * @param record one whose components are all there
   */
  static Map<String, Object> tree(Record record) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = YamlType.get(record, component);
      if (YamlType.isChoice(component)) {
        tree.putAll(tree((Record) value));
      } else {
        tree.put(YamlType.key(component), plain(value));
      }
    }
    return tree;
  }

  /** A value as {@link #tree} holds it. */
  static Object plain(Object value) {
    if (value instanceof Record record) {
      return tree(record);
    }
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(plain(item)));
      return items;
    }
    return value instanceof Enum<?> constant ? YamlType.label(constant) : value;
  }

  /** Refuses unknown keys, before anything is said of what is missing or wrong. */
  private void check(Mapping group, String path, Class<?> record) {
    group
        .entries()
        .forEach(
            (key, entry) -> {
              RecordComponent component = YamlType.component(record, chosen, key);
              if (component == null) {
                throw unknown(entry.place(), path, key, record);
              }
              places.putIfAbsent(path + key, entry.place());
              Class<?> inner = YamlType.innerRecord(component);
              if (inner != null) {
                Stream<YamlNode> groups =
                    entry.value() instanceof Sequence list
                        ? list.items().stream()
                        : Stream.of(entry.value());
                groups
                    .filter(Mapping.class::isInstance)
                    .forEach(node -> check((Mapping) node, path + key + ".", inner));
              }
            });
  }

  private RealeraException unknown(Place place, String path, String key, Class<?> record) {
    List<String> known = YamlType.keys(record, chosen);
    RealeraException elsewhere = words.elsewhere(place.says(""), path + key);
    if (elsewhere != null) {
      throw elsewhere;
    }
    String nearest = EditDistance.nearest(key, known);
    List<String> meant =
        nearest == null
            ? YamlType.paths(type, chosen, "").filter(p -> p.endsWith("." + key)).toList()
            : List.of(path + nearest);
    return RealeraException.usage(
        place.says(words.unknown(path, key, known)),
        meant.isEmpty()
            ? words.unknownRemedy(known)
            : "Did you mean " + String.join(" or ", meant) + "?");
  }

  private Object record(String path, Mapping group, Class<?> record, boolean inList) {
    RecordComponent[] components = record.getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      if (YamlType.isChoice(components[i])) {
        values[i] = record(path, group, Objects.requireNonNull(chosen), inList);
        continue;
      }
      String key = YamlType.key(components[i]);
      Entry entry = group.entries().get(key);
      if (entry != null) {
        values[i] = value(path + key, entry, components[i]);
      } else if (YamlType.isRequired(components[i])) {
        throw RealeraException.usage(group.place().says(words.missing(path, key)), "Add it.");
      }
    }
    return construct(record, values, group.place(), inList);
  }

  private @Nullable Object value(String path, Entry entry, RecordComponent component) {
    YamlNode node = entry.value();
    Class<?> kind = component.getType();
    if (node instanceof Scalar scalar && scalar.text() == null && YamlType.isNullable(component)) {
      return null;
    }
    if (kind == List.class && node instanceof Sequence list) {
      List<Object> items = new ArrayList<>();
      for (YamlNode item : list.items()) {
        items.add(item(path, item, YamlType.item(component), component, item.place(), true));
      }
      return items;
    }
    return item(path, node, kind, component, entry.place(), false);
  }

  private Object item(
      String path,
      YamlNode node,
      Class<?> kind,
      RecordComponent component,
      Place place,
      boolean inList) {
    if (kind.isRecord() && node instanceof Mapping mapping) {
      return record(path + ".", mapping, kind, inList);
    }
    if (node instanceof Scalar scalar && scalar.text() != null) {
      Object value = YamlType.parse(scalar.text(), kind);
      if (value != null) {
        return value;
      }
    }
    throw wrongType(place, path, YamlType.expected(component), node, words);
  }

  private static RealeraException wrongType(
      Place place, String key, String expected, YamlNode found, YamlWords words) {
    return RealeraException.usage(
        place.says(key + " must be " + expected + ", found " + found.kind()), words.remedy());
  }

  private Object construct(
      Class<?> record, @Nullable Object[] values, Place group, boolean inList) {
    try {
      Class<?>[] types =
          Arrays.stream(record.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = record.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      String message = String.valueOf(cause.getMessage());
      Place place = inList ? group : placeOf(message, group);
      if (cause instanceof RealeraException refused) {
        throw refused.saying(place.says(message), refused);
      }
      if (cause instanceof IllegalArgumentException) {
        throw new RealeraException(
            RealeraException.Kind.USAGE, place.says(message), words.remedy(), cause);
      }
      throw new IllegalStateException("a constructor of " + record, cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(record + " is not a record of ours", e);
    }
  }

  /**
   * Where to mend what a message complains about: the first option that it names, for these come
   * last; else the first key that a user wrote; else the group.
   */
  private Place placeOf(String message, Place group) {
    List<Place> named = new ArrayList<>();
    Matcher matcher = KEY.matcher(message);
    while (matcher.find()) {
      Place place = places.get(matcher.group());
      if (place != null && place.isWritten()) {
        named.add(place);
      }
    }
    return named.stream()
        .filter(Place::isOption)
        .findFirst()
        .or(() -> named.stream().findFirst())
        .orElse(group);
  }
}
