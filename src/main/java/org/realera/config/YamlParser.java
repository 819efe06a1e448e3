package org.realera.config;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.YamlNode.Entry;
import org.realera.config.YamlNode.Mapping;
import org.realera.config.YamlNode.Place;
import org.realera.config.YamlNode.Scalar;
import org.realera.config.YamlNode.Sequence;
import org.realera.files.TextFile;
import org.realera.files.YamlFault;

/** Reads the one document of a YAML text into nodes. Every value stands where it counts. */
final class YamlParser {
  private static final YAMLFactory FACTORY = new YAMLFactory();

  private final YAMLParser parser;
  private final String source;
  private final boolean isFile;

  private YamlParser(YAMLParser parser, String source, boolean isFile) {
    this.parser = parser;
    this.source = source;
    this.isFile = isFile;
  }

  /**
   * The text of a file that the user names, which may be a pipe. One without a word is refused: it
   * was never written, or its pipe has been read by another. One of comments alone says that
   * everything is as usual.
   *
   * @throws RealeraException (usage) if it is blank; otherwise as {@link TextFile#readNamed}
   * @throws IOException if it is missing or can't be read
   */
  static String read(Path file, String remedy, YamlWords words) throws IOException {
    String yaml = TextFile.readNamed(file, remedy);
    if (yaml.isBlank()) {
      throw RealeraException.usage(file + ": the file is empty", words.remedy());
    }
    return yaml;
  }

  /**
   * Reads a file's text; one of comments alone is a group without keys.
   *
   * @param source names the file in errors; empty for one of our own
   * @throws RealeraException (usage) with the line, if this is not YAML, a key stands twice in the
   *     same group, or there is what {@link YamlFault} finds
   */
  static YamlNode file(String source, String yaml, YamlWords words) {
    YamlNode node = parse(source, yaml, true, words);
    return node == null ? new Mapping(new Place(source, 1), Map.of()) : node;
  }

  /**
   * Reads the value of an option.
   *
   * @param option the whole option, which names it in errors
   * @throws RealeraException (usage) as {@link #file}
   */
  static YamlNode option(String option, String yaml, YamlWords words) {
    YamlNode node = parse(option, yaml, false, words);
    return node == null ? new Scalar(new Place(option, 0), null) : node;
  }

  private static @Nullable YamlNode parse(
      String source, String yaml, boolean isFile, YamlWords words) {
    YamlFault.find(yaml)
        .ifPresent(
            fault -> {
              throw refusal(fault, new Place(source, isFile ? fault.line() : 0), words);
            });
    try (YAMLParser tokens = FACTORY.createParser(yaml)) {
      YamlParser parser = new YamlParser(tokens, source, isFile);
      return tokens.nextToken() == null ? null : parser.node();
    } catch (IOException e) {
      throw new IllegalStateException("reading from a string that was read before", e);
    }
  }

  private static RealeraException refusal(YamlFault fault, Place place, YamlWords words) {
    boolean isYaml = !fault.remedy().isEmpty();
    return new RealeraException(
        Kind.USAGE,
        place.says(isYaml ? fault.what() : words.notYaml(fault.what())),
        isYaml ? fault.remedy() : words.remedy(),
        fault.cause());
  }

  private YamlNode node() throws IOException {
    Place place = place(line());
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Entry> entries = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        Place key = place(line());
        String name = parser.currentName();
        parser.nextToken();
        entries.put(name, new Entry(key, node()));
      }
      return new Mapping(place, entries);
    }
    if (token == JsonToken.START_ARRAY) {
      List<YamlNode> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(node());
      }
      return new Sequence(place, items);
    }
    String text = token == JsonToken.VALUE_NULL ? "" : parser.getText();
    return new Scalar(place, text.isEmpty() ? null : text);
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private Place place(int line) {
    return new Place(source, isFile ? line : 0);
  }
}
