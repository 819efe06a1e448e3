package org.realera.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.StringReader;
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
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/** Reads the one document of a YAML text into nodes. Every value stands where it counts. */
final class YamlParser {
  private static final YAMLFactory FACTORY =
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

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
   *     same group, or there is an alias, an anchor, a tag or a second document
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
    try (YAMLParser tokens = FACTORY.createParser(yaml)) {
      YamlParser parser = new YamlParser(tokens, source, isFile);
      parser.refuseWhatTokensHide(yaml, words);
      YamlNode node = tokens.nextToken() == null ? null : parser.node();
      tokens.nextToken(); // refuses what follows a document's end
      return node;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String what = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("not YAML");
      throw new RealeraException(
          Kind.USAGE,
          new Place(source, isFile ? line : 0).says(words.notYaml(what)),
          words.remedy(),
          e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from a string", e);
    }
  }

  /**
   * Jackson gives an alias's name for its value, passes over tags, leaves what follows the first
   * document, and of an error says what was being read rather than what is wrong.
   */
  private void refuseWhatTokensHide(String yaml, YamlWords words) {
    int documents = 0;
    try {
      for (Event event : new Yaml().parse(new StringReader(yaml))) {
        int line = event.getStartMark().getLine() + 1;
        if (event instanceof NodeEvent node && node.getAnchor() != null) {
          String what = event instanceof AliasEvent ? "alias *" : "anchor &";
          throw RealeraException.usage(
              place(line).says("the " + what + node.getAnchor() + " is not supported"),
              "Write the value wherever it counts; quote a text that begins with * or &.");
        }
        String tag = tag(event);
        if (tag != null) {
          throw RealeraException.usage(
              place(line).says("the tag " + tag + " is not supported"),
              "Write the value alone, for each key knows what it holds; quote a text that begins with !.");
        }
        if (event instanceof DocumentStartEvent && ++documents > 1) {
          throw RealeraException.usage(
              place(line).says("a second document begins here"),
              "Keep one, and give the other a file of its own.");
        }
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new RealeraException(
          Kind.USAGE,
          place(line).says(words.notYaml(String.valueOf(e.getProblem()))),
          words.remedy(),
          e);
    } catch (YAMLException e) {
      return; // Jackson reads with the same parser, and says what it does not like.
    }
  }

  private static @Nullable String tag(Event event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar.getTag();
    }
    return event instanceof CollectionStartEvent collection ? collection.getTag() : null;
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
