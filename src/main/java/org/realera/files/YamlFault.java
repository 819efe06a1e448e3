package org.realera.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Why a text is not read as YAML: it is none, or Jackson would pass over a part of it. Every reader
 * of YAML looks for one first.
 *
 * @param line from 1
 * @param what in a few words
 * @param remedy what to do about it; empty for a text that is no YAML, or has a key twice in the
 *     same group
 * @param cause the parser's error, if it is one
 */
public record YamlFault(int line, String what, String remedy, @Nullable Exception cause) {
  private static final YAMLFactory FACTORY =
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final String MERGE = "<<";

  /** How Jackson begins, which goes on with a name of Java's for what it found. */
  private static final String NO_KEY = "Expected a field name";

  /** The first fault of a text; empty if every value in it stands where it counts. */
  public static Optional<YamlFault> find(String yaml) {
    return hidden(yaml).or(() -> ofTokens(yaml));
  }

  /**
   * Jackson gives an alias's name for its value, passes over tags, leaves what follows the first
   * document, and of an error says what was being read rather than what is wrong.
   */
  private static Optional<YamlFault> hidden(String yaml) {
    int documents = 0;
    try {
      for (Event event : new Yaml().parse(new StringReader(yaml))) {
        int line = event.getStartMark().getLine() + 1;
        if (event instanceof NodeEvent node && node.getAnchor() != null) {
          String what = event instanceof AliasEvent ? "alias *" : "anchor &";
          return unsupported(
              line,
              what + node.getAnchor(),
              "Write the value wherever it counts; quote a text that begins with * or &.");
        }
        String tag = tag(event);
        if (tag != null) {
          return unsupported(
              line,
              "tag " + tag,
              "Write the value alone, for each key knows what it holds; quote a text that begins with !.");
        }
        if (event instanceof DocumentStartEvent && ++documents > 1) {
          return Optional.of(
              new YamlFault(
                  line,
                  "a second document begins here",
                  "Keep one, and give the other a file of its own.",
                  null));
        }
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      return Optional.of(new YamlFault(line, String.valueOf(e.getProblem()), "", e));
    } catch (YAMLException e) {
      return Optional.empty(); // Jackson reads with the same parser, and says what it dislikes.
    }
    return Optional.empty();
  }

  private static @Nullable String tag(Event event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar.getTag();
    }
    return event instanceof CollectionStartEvent collection ? collection.getTag() : null;
  }

  private static Optional<YamlFault> ofTokens(String yaml) {
    try (YAMLParser tokens = FACTORY.createParser(yaml)) {
      for (JsonToken token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
        if (token == JsonToken.FIELD_NAME && tokens.currentName().equals(MERGE)) {
          return unsupported(
              tokens.currentTokenLocation().getLineNr(),
              "merge key " + MERGE,
              "Write the keys themselves into the group that they count in.");
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String what = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("not YAML");
      return Optional.of(
          what.startsWith(NO_KEY)
              ? new YamlFault(
                  line,
                  "a key is a list or a group of keys",
                  "Write the key as a text; quote a text that begins with { or [.",
                  e)
              : new YamlFault(line, what, "", e));
    } catch (IOException e) {
      throw new IllegalStateException("reading from a string", e);
    }
  }

  private static Optional<YamlFault> unsupported(int line, String what, String remedy) {
    return Optional.of(new YamlFault(line, "the " + what + " is not supported", remedy, null));
  }
}
