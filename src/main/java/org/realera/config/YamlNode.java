package org.realera.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML value that knows where it stands, so that errors can name it. */
sealed interface YamlNode {

  /** Where it begins. */
  Place place();

  /** What a user would call this kind of value. */
  String kind();

  /**
   * Where a value comes from.
   *
   * @param source a file's name or a whole option; empty for a value that no user wrote
   * @param line of the file, from 1; 0 for an option
   */
  record Place(String source, int line) {
    /** Of values that the program sets. */
    static final Place NONE = new Place("", 0);

    /** Whether a user wrote it. */
    boolean isWritten() {
      return !source.isEmpty();
    }

    /** Whether it is an option of the command line. */
    boolean isOption() {
      return isWritten() && line == 0;
    }

    /** The message of an error with the place before it, if there is one to name. */
    String says(String what) {
      return (isWritten() ? source + (line > 0 ? ", line " + line : "") + ": " : "") + what;
    }
  }

  /**
   * A value without parts.
   *
   * @param text as written, without quotes; null for an empty value
   */
  record Scalar(Place place, @Nullable String text) implements YamlNode {
    @Override
    public String kind() {
      return text == null ? "nothing" : "\"" + text + "\"";
    }
  }

  record Sequence(Place place, List<YamlNode> items) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  record Mapping(Place place, Map<String, Entry> entries) implements YamlNode {
    @Override
    public String kind() {
      return "a group of keys";
    }

    /**
     * This group with what another says differently. Groups are merged key by key, lists are
     * replaced; an empty value in a group's place changes nothing.
     */
    Mapping merged(Mapping other) {
      Map<String, Entry> merged = new LinkedHashMap<>(entries);
      other.entries.forEach((key, entry) -> merged.merge(key, entry, Mapping::merged));
      return new Mapping(other.place, merged);
    }

    private static Entry merged(Entry below, Entry above) {
      if (below.value instanceof Mapping standard) {
        if (above.value instanceof Mapping differing) {
          return new Entry(above.place, standard.merged(differing));
        }
        if (above.value instanceof Scalar scalar && scalar.text() == null) {
          return below;
        }
      }
      return above;
    }

    /** This group with one value set, however deep; the groups on its way are made if need be. */
    Mapping with(List<String> path, YamlNode value) {
      String key = path.get(0);
      Entry old = entries.get(key);
      YamlNode inner = value;
      if (path.size() > 1) {
        Mapping group =
            old != null && old.value instanceof Mapping mapping
                ? mapping
                : new Mapping(value.place(), Map.of());
        inner = group.with(path.subList(1, path.size()), value);
      } else if (old != null
          && old.value instanceof Mapping standard
          && value instanceof Mapping differing) {
        inner = standard.merged(differing);
      }
      Map<String, Entry> changed = new LinkedHashMap<>(entries);
      changed.put(key, new Entry(value.place(), inner));
      return new Mapping(place, changed);
    }
  }

  /** A key's place and its value; the value may start in a later line. */
  record Entry(Place place, YamlNode value) {}

  /** Maps, lists, texts, numbers and booleans as nodes that no user wrote. */
  static YamlNode of(Object plain) {
    if (plain instanceof Map<?, ?> map) {
      Map<String, Entry> entries = new LinkedHashMap<>();
      map.forEach((key, value) -> entries.put(key.toString(), new Entry(Place.NONE, of(value))));
      return new Mapping(Place.NONE, Collections.unmodifiableMap(entries));
    }
    if (plain instanceof List<?> list) {
      List<YamlNode> items = new ArrayList<>();
      list.forEach(item -> items.add(of(item)));
      return new Sequence(Place.NONE, List.copyOf(items));
    }
    return new Scalar(Place.NONE, plain.toString());
  }
}
