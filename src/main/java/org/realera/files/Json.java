package org.realera.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * JSON with fixed indents and line ends, so that equal trees are equal bytes on every system. Of
 * what is read nothing may follow the value's end: a file that was damaged at its beginning would
 * else say but what is left there.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Reads what is there: of equal keys the last counts. */
  public static final ObjectReader READER = MAPPER.reader();

  /** As Python writes it: NaN and infinities are numbers, too. */
  private static final JsonMapper PYTHON_MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  /** Reads what Python's json does, NaN and infinities among it. */
  public static final ObjectReader PYTHON = PYTHON_MAPPER.reader();

  /** The same, but refuses equal keys. */
  public static final ObjectReader STRICT =
      PYTHON.with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  /** Takes records' components for keys in snake case, and leaves out those that are null. */
  private static final ObjectMapper RECORDS =
      MAPPER
          .copy()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .setDefaultPropertyInclusion(
              // not of a map's entries: there null is what was put
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS));

  /** Writes in one line. */
  public static final ObjectWriter WRITER = MAPPER.writer();

  /** Writes with the indents and the line ends of the system. */
  public static final ObjectWriter PRETTY = MAPPER.writerWithDefaultPrettyPrinter();

  /** The same of what Python shall read. */
  public static final ObjectWriter PYTHON_PRETTY = PYTHON_MAPPER.writerWithDefaultPrettyPrinter();

  /** A place within a text, as the parser words it. */
  private static final Pattern SOURCE =
      Pattern.compile("\\[Source: [^;\\]]*; (line: \\d+)[^\\]]*]");

  /** How the parser's remark on {@link DeserializationFeature#FAIL_ON_TRAILING_TOKENS} begins. */
  private static final String TRAILING = "Trailing token";

  /** How it begins on a text without a word. */
  private static final String NOTHING = "No content";

  /** How it begins where a record's key comes again. */
  private static final String TWICE = "No fallback setter";

  /** What the parser would have programmers do about it. */
  private static final Pattern ADVICE = Pattern.compile(": (enable|maybe a) .*");

  private Json() {}

  /**
   * Why a text is no JSON, or not that of a record, in one line: the parser's words and the line,
   * without its remark on where its text came from and without names of Java's.
   */
  public static String reason(JsonProcessingException e) {
    String words = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    String plain;
    if (words.startsWith(TRAILING)) {
      plain = "more follows after its end";
    } else if (words.startsWith(NOTHING)) {
      plain = "it is empty";
    } else if (e instanceof MismatchedInputException mismatch) {
      plain = key(mismatch) + " is missing, or is not what should stand there";
    } else if (words.startsWith(TWICE)) {
      plain = "a key stands twice";
    } else if (e instanceof ValueInstantiationException refused) {
      Throwable cause = Objects.requireNonNullElse(refused.getCause(), refused);
      boolean said = cause instanceof IllegalArgumentException || cause instanceof RealeraException;
      plain = said ? String.valueOf(cause.getMessage()) : "something is missing";
    } else {
      plain = ADVICE.matcher(SOURCE.matcher(words).replaceAll("$1")).replaceAll("");
    }
    int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    return line > 0 ? plain + " (line " + line + ")" : plain;
  }

  /** Of a list's entries each counts by its number from 0. */
  private static String key(MismatchedInputException e) {
    StringBuilder key = new StringBuilder();
    for (JsonMappingException.Reference part : e.getPath()) {
      if (part.getFieldName() == null) {
        key.append('[').append(part.getIndex()).append(']');
      } else {
        key.append(key.isEmpty() ? "" : ".").append(part.getFieldName());
      }
    }
    return key.isEmpty() ? "its object" : key.toString();
  }

  /** Maps, lists, texts, numbers and booleans as a JSON tree, in the order they have. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** A record as a JSON tree: its components in snake case, in their order, but for null ones. */
  public static ObjectNode ofRecord(Record value) {
    return RECORDS.valueToTree(value);
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Writes a file, as {@link AtomicFile} does: it is on the disk when this returns. */
  public static void write(Path file, JsonNode tree) {
    AtomicFile.write(file, text(tree).getBytes(StandardCharsets.UTF_8));
  }

  public static String text(JsonNode tree) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    ObjectWriter writer =
        MAPPER.writer(
            new DefaultPrettyPrinter()
                .withObjectIndenter(indenter)
                .withArrayIndenter(DefaultPrettyPrinter.FixedSpaceIndenter.instance));
    try {
      return writer.writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  /** Reads a file that somebody can mend. */
  public static JsonNode read(Path file) {
    return read(file, "Mend it, or move it away.");
  }

  /** The same with what else to do about a file that is damaged. */
  public static JsonNode read(Path file, String remedy) {
    try {
      return MAPPER.readTree(TextFile.read(file, remedy));
    } catch (JsonProcessingException e) {
      throw RealeraException.damaged(file + " is not JSON: " + reason(e), remedy);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /**
   * Reads a file as a value.
   *
   * @param type a record, or whatever else Jackson binds
   * @param remedy what to do about a file that is no text
   * @return null if that is all the file says
   * @throws JsonProcessingException if the file is no JSON, or not that of such a value
   * @throws RealeraException (damaged) as {@link TextFile} says it
   */
  public static <T> @Nullable T read(Path file, Class<T> type, String remedy) throws IOException {
    return MAPPER.readValue(TextFile.read(file, remedy), type);
  }

  /**
   * What two trees differ in.
   *
   * @return one text for each leaf: {@code recipe.alignment.steps: 200 there, 100 here}
   */
  public static List<String> differences(JsonNode there, JsonNode here) {
    List<String> out = new ArrayList<>();
    compare("", there, here, out);
    return out;
  }

  private static void compare(String path, JsonNode there, JsonNode here, List<String> out) {
    if (there.isObject() && here.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      there.fieldNames().forEachRemaining(names::add);
      here.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        compare(path.isEmpty() ? name : path + "." + name, there.path(name), here.path(name), out);
      }
    } else if (!text(there).equals(text(here))) {
      out.add(path + ": " + shown(there) + " there, " + shown(here) + " here");
    }
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() ? "nothing" : node.toString();
  }
}
