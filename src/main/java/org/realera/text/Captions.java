package org.realera.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.realera.RealeraException;
import org.realera.files.Digests;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.ModelText;
import org.realera.files.TextFile;

/**
 * Captions of images that others wrote: COCO's {@code captions_*.json}, where each annotation has a
 * {@code caption}; the same annotations or bare texts as a JSON list; or a text of one caption a
 * line.
 *
 * @param texts in the file's order, no two the same
 * @param sha256 of the file's text
 */
public record Captions(List<String> texts, String sha256) {
  private static final String REMEDY =
      "Give COCO's captions_*.json, or a text with one caption a line.";
  private static final JsonFactory JSON = Json.PYTHON.getFactory();

  /**
   * Reads a file.
   *
   * @throws RealeraException (not found) if there is none; (damaged) if it is too large, no UTF-8,
   *     broken JSON, or has no captions; (usage) if it is a table
   */
  public static Captions read(Path file) {
    String text = text(file);
    try {
      Set<String> captions = captions(file, text);
      if (captions.isEmpty()) {
        throw RealeraException.damaged(file + " has no captions", REMEDY);
      }
      return new Captions(List.copyOf(captions), Digests.sha256(text));
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /**
   * What {@link #read} would say of a file's text, which nobody looks into.
   *
   * @throws RealeraException (not found) if there is none; (damaged) if it is too large or no UTF-8
   */
  public static String sha256(Path file) {
    return Digests.sha256(text(file));
  }

  private static String text(Path file) {
    try {
      return TextFile.readNamed(file, REMEDY);
    } catch (NoSuchFileException e) {
      throw RealeraException.notFound("there are no captions " + file, REMEDY);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static Set<String> captions(Path file, String text) throws IOException {
    String begin = text.stripLeading();
    if (begin.startsWith("{") || begin.startsWith("[")) {
      return json(file, text);
    }
    TextFile.requireLines(file, REMEDY);
    TextFile.requireWords(file, text);
    return lines(text);
  }

  private static Set<String> lines(String text) {
    Set<String> captions = new LinkedHashSet<>();
    text.lines().filter(line -> !ModelText.isBlank(line)).map(String::strip).forEach(captions::add);
    return captions;
  }

  private static Set<String> json(Path file, String text) throws IOException {
    Set<String> captions = new LinkedHashSet<>();
    try (JsonParser parser = JSON.createParser(text)) {
      while (parser.nextToken() != null) {
        boolean named =
            parser.currentToken() == JsonToken.FIELD_NAME
                && parser.currentName().equals("caption")
                && parser.nextToken() == JsonToken.VALUE_STRING;
        boolean bare =
            parser.currentToken() == JsonToken.VALUE_STRING
                && parser.getParsingContext().inArray()
                && parser.getParsingContext().getParent().inRoot();
        if ((named || bare) && !ModelText.isBlank(parser.getText())) {
          captions.add(parser.getText().strip());
        }
      }
      return captions;
    } catch (JsonProcessingException e) {
      throw RealeraException.damaged(file + " is not JSON: " + Json.reason(e), REMEDY);
    }
  }
}
