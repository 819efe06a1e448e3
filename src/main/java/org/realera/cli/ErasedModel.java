package org.realera.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;

/** What an edited model's realera.json says of the concepts that were erased from it. */
final class ErasedModel {
  private ErasedModel() {}

  /** The pairs of concept and anchor; empty for a model that is not our work. */
  static List<ConceptPair> concepts(Path model) {
    Path file = model.resolve("realera.json");
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    List<ConceptPair> pairs = new ArrayList<>();
    try {
      JsonNode manifest = new ObjectMapper().readTree(Files.readString(file));
      for (JsonNode pair : manifest.path("recipe").path("concepts")) {
        pairs.add(new ConceptPair(pair.path("concept").asText(), pair.path("anchor").asText()));
      }
    } catch (IOException | RealeraException e) {
      throw new RealeraException(
          RealeraException.Kind.DAMAGED,
          file + " can't be read: " + e.getMessage(),
          "name the concept with --concept, after moving that file away",
          e);
    }
    return List.copyOf(pairs);
  }
}
