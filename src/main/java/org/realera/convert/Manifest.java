package org.realera.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.TextFile;

/**
 * What the realera.json of an erased model says of where it comes from.
 *
 * @param version of the program that made it
 * @param base the model as it was named then
 * @param baseSha256 component to SHA-256 of the base's tensors
 * @param concepts {@code airplane=sky}
 * @param seed of the run
 */
public record Manifest(
    String version,
    String base,
    SortedMap<String, String> baseSha256,
    List<String> concepts,
    long seed) {
  private static final String FILE = "realera.json";
  private static final String REMEDY = "Mend it, or move it away.";

  /**
   * Reads the manifest in a model's folder of small files.
   *
   * @return empty for a model that is not this program's work
   * @throws RealeraException damaged if it is no JSON
   */
  public static Optional<Manifest> of(Path root) {
    Path file = root.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode json;
    try {
      json = Json.READER.readTree(TextFile.read(file, REMEDY));
    } catch (JsonProcessingException e) {
      throw RealeraException.damaged(file + " is not JSON: " + e.getOriginalMessage(), REMEDY);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
    SortedMap<String, String> sha256 = new TreeMap<>();
    json.path("model")
        .path("sha256")
        .properties()
        .forEach(entry -> sha256.put(entry.getKey(), entry.getValue().asText()));
    List<String> concepts = new ArrayList<>();
    for (JsonNode pair : json.path("recipe").path("concepts")) {
      concepts.add(pair.path("concept").asText() + "=" + pair.path("anchor").asText());
    }
    return Optional.of(
        new Manifest(
            json.path("realera").asText(),
            json.path("model").path("ref").asText(),
            sha256,
            List.copyOf(concepts),
            json.path("seed").asLong()));
  }
}
