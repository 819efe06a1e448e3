package org.realera.eval.suite;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/** Reads suites: those shipped with the tool by name, a user's own by path. */
public final class SuiteReader {
  /** The names of the shipped suites. */
  public static final List<String> SHIPPED =
      List.of("cifar10", "cifar10-pocket", "celebrity", "art", "explicit", "coco");

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private SuiteReader() {}

  /**
   * Reads a suite.
   *
   * @param nameOrFile a shipped suite's name, or the path of a YAML file
   * @throws RealeraException (not found) if it is neither; (usage) if the file is no valid suite,
   *     with its line
   */
  public static Suite read(String nameOrFile) {
    if (SHIPPED.contains(nameOrFile)) {
      try (InputStream in =
          SuiteReader.class.getResourceAsStream("/org/realera/suites/" + nameOrFile + ".yaml")) {
        if (in == null) {
          throw new IllegalStateException("suite " + nameOrFile + " is missing from the jar");
        }
        return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), nameOrFile);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isRegularFile(file)) {
      throw RealeraException.notFound(
          "there is no suite '" + nameOrFile + "', neither shipped nor a file",
          "name one of " + String.join(", ", SHIPPED) + " or the path of a YAML file");
    }
    try {
      Suite suite = parse(Files.readString(file), nameOrFile);
      PromptList list = suite.list();
      return list == null || list.file() == null
          ? suite
          : suite.withList(file.resolveSibling(list.file()));
    } catch (IOException e) {
      throw new RealeraException(
          RealeraException.Kind.DAMAGED,
          "suite " + file + " can't be read: " + e.getMessage(),
          "a suite is a UTF-8 YAML file; check it and its permissions",
          e);
    }
  }

  /**
   * Reads a suite from text.
   *
   * @param source names it in errors
   * @throws RealeraException (usage) if it is no valid suite, with its line
   */
  public static Suite parse(String yaml, String source) {
    try {
      refuseUnknownKeys(yaml, source);
      @Nullable Suite suite = YAML.readValue(yaml, Suite.class);
      if (suite == null) {
        throw invalid(source, null, "the file is empty");
      }
      return suite;
    } catch (JsonMappingException e) {
      Throwable cause = e.getCause();
      String key =
          e.getPath().isEmpty() ? "" : e.getPath().get(e.getPath().size() - 1).getFieldName();
      String what =
          cause instanceof IllegalArgumentException
              ? cause.getMessage()
              : String.valueOf(e.getOriginalMessage()).startsWith("Cannot map `null`")
                  ? "the key '" + key + "' is missing"
                  : e.getOriginalMessage();
      throw invalid(source, e.getLocation(), firstLine(what));
    } catch (JsonProcessingException e) {
      throw invalid(source, e.getLocation(), firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Before binding, for Jackson would report what is missing before what is too much. */
  private static void refuseUnknownKeys(String yaml, String source) throws IOException {
    try (JsonParser parser = YAML.createParser(yaml)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        checkKeys(parser, Suite.class, source);
      }
    }
  }

  private static void checkKeys(JsonParser parser, Class<?> record, String source)
      throws IOException {
    Map<String, Class<?>> known = new LinkedHashMap<>();
    for (RecordComponent component : record.getRecordComponents()) {
      Class<?> type = component.getType();
      if (component.getGenericType() instanceof ParameterizedType list) {
        type = (Class<?>) list.getActualTypeArguments()[0];
      }
      known.put(component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT), type);
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Class<?> type = known.get(key);
      if (type == null) {
        throw invalid(
            source,
            parser.currentTokenLocation(),
            "unknown key '" + key + "' (known: " + String.join(", ", known.keySet()) + ")");
      }
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT && type.isRecord()) {
        checkKeys(parser, type, source);
      } else if (value == JsonToken.START_ARRAY && type.isRecord()) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (parser.currentToken() == JsonToken.START_OBJECT) {
            checkKeys(parser, type, source);
          } else {
            parser.skipChildren();
          }
        }
      } else {
        parser.skipChildren();
      }
    }
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "not valid YAML" : text.lines().findFirst().orElse("not valid YAML");
  }

  private static RealeraException invalid(
      String source, @Nullable JsonLocation location, String what) {
    String line = location == null ? "" : ", line " + location.getLineNr();
    return RealeraException.usage(
        "suite " + source + line + ": " + what,
        "compare it with the shipped suites, which explain every key");
  }
}
