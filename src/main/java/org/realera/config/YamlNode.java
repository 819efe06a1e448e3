package org.realera.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML value that knows in which line it stands, so that errors can name it. */
sealed interface YamlNode {

  /** Line of the file, from 1. */
  int line();

  /** What a user would call this kind of value. */
  String kind();

  /**
   * A value without parts.
   *
   * @param text as written, without quotes; null for an empty value
   */
  record Scalar(int line, @Nullable String text) implements YamlNode {
    @Override
    public String kind() {
      return text == null ? "nothing" : "\"" + text + "\"";
    }
  }

  record Sequence(int line, List<YamlNode> items) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  record Mapping(int line, Map<String, Entry> entries) implements YamlNode {
    @Override
    public String kind() {
      return "a group of keys";
    }
  }

  /** A key's line and its value; the value may start in a later line. */
  record Entry(int line, YamlNode value) {}

  /**
   * Reads the one document of a YAML file; an empty file is an empty mapping.
   *
   * @throws IOException (a {@code JsonProcessingException} with the line) if this is not YAML or a
   *     key stands twice in the same group
   */
  static YamlNode parse(String yaml) throws IOException {
    YAMLFactory factory =
        YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser parser = factory.createParser(yaml)) {
      if (parser.nextToken() == null) {
        return new Mapping(1, Map.of());
      }
      return read(parser);
    }
  }

  private static YamlNode read(JsonParser parser) throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Entry> entries = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        int keyLine = parser.currentTokenLocation().getLineNr();
        String key = parser.currentName();
        parser.nextToken();
        entries.put(key, new Entry(keyLine, read(parser)));
      }
      return new Mapping(line, entries);
    }
    if (token == JsonToken.START_ARRAY) {
      List<YamlNode> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(read(parser));
      }
      return new Sequence(line, items);
    }
    String text = token == JsonToken.VALUE_NULL ? "" : parser.getText();
    return new Scalar(line, text.isEmpty() ? null : text);
  }
}
