package org.realera.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a record's component is called in YAML and what it may hold. */
final class YamlType {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

  private YamlType() {}

  /** {@code d1Anchor} is {@code d1_anchor}. */
  static String key(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** Whether one of several records stands for it, whose keys are those of the record around. */
  static boolean isChoice(RecordComponent component) {
    return component.getType().isInterface() && component.getType().isSealed();
  }

  /**
   * The components that have a key in a record's group: its own, and in place of a choice those of
   * the record chosen.
   */
  static Stream<RecordComponent> components(Class<?> record, @Nullable Class<?> chosen) {
    return Arrays.stream(record.getRecordComponents())
        .flatMap(
            component -> {
              if (!isChoice(component)) {
                return Stream.of(component);
              }
              return chosen == null ? Stream.of() : components(chosen, null);
            });
  }

  static List<String> keys(Class<?> record, @Nullable Class<?> chosen) {
    return components(record, chosen).map(YamlType::key).toList();
  }

  static @Nullable RecordComponent component(
      Class<?> record, @Nullable Class<?> chosen, String key) {
    return components(record, chosen)
        .filter(component -> key(component).equals(key))
        .findFirst()
        .orElse(null);
  }

  /** The paths of all keys, with those of inner records but not of lists. */
  static Stream<String> paths(Class<?> record, @Nullable Class<?> chosen, String group) {
    return components(record, chosen)
        .flatMap(
            component -> {
              String path = group + key(component);
              return component.getType().isRecord()
                  ? Stream.concat(Stream.of(path), paths(component.getType(), null, path + "."))
                  : Stream.of(path);
            });
  }

  static Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " is not a component of ours", e);
    }
  }

  /** The name of an enum's value: {@code ESD_X} is {@code esd-x}. */
  static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Numbers and switches have to be there; of the rest, the constructor knows. */
  static boolean isRequired(RecordComponent component) {
    return component.getType().isPrimitive();
  }

  /** Whether a key without a value says that there is none. */
  static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /** What a list's items are. */
  static Class<?> item(RecordComponent list) {
    ParameterizedType type = (ParameterizedType) list.getGenericType();
    return (Class<?>) type.getActualTypeArguments()[0];
  }

  /** The record that this is or that this lists, or null for values without keys. */
  static @Nullable Class<?> innerRecord(RecordComponent component) {
    Class<?> type = component.getType() == List.class ? item(component) : component.getType();
    return type.isRecord() ? type : null;
  }

  /**
   * The value of a scalar.
   *
   * @return null if it is none of that type
   */
  static @Nullable Object parse(String text, Class<?> type) {
    if (type == String.class) {
      return text;
    }
    if (type == boolean.class) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> true;
        case "false" -> false;
        default -> null;
      };
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> label((Enum<?>) constant).equals(text))
          .findFirst()
          .orElse(null);
    }
    return number(text.replace("_", ""), type); // YAML allows underscores between digits
  }

  /** NaN and infinity are no numbers here, for nothing in a file can mean them. */
  private static @Nullable Object number(String digits, Class<?> type) {
    try {
      if (type == int.class || type == Integer.class) {
        return Integer.valueOf(digits);
      }
      if (type == long.class) {
        return Long.valueOf(digits);
      }
      if (type == double.class || type == Double.class) {
        double value = NUMBER.matcher(digits).matches() ? Double.parseDouble(digits) : Double.NaN;
        return Double.isFinite(value) ? value : null;
      }
      return null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** What may stand there, in words. */
  static String expected(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == List.class) {
      Class<?> item = item(component);
      return item.isRecord()
          ? "a list of "
              + keys(item, null).stream()
                  .map(k -> k + ": ...")
                  .collect(Collectors.joining(", ", "{", "}"))
          : "a list of texts";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> label((Enum<?>) constant))
              .collect(Collectors.joining(", "));
    }
    if (type.isRecord()) {
      return "a group of keys";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a text";
    }
    return type == double.class || type == Double.class ? "a number" : "a whole number";
  }
}
