package org.realera.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.RealeraException;
import org.realera.files.IoErrors;
import org.realera.files.Json;

/**
 * What a model's folder says about how to use it, in {@code card.json}; it travels with edited
 * copies. Stable Diffusion's folders have none: the defaults are theirs.
 *
 * @param steps sampling steps
 * @param guidance guidance scale
 * @param recipe the built-in recipe that erases well from it
 */
public record ModelCard(int steps, double guidance, String recipe) {
  public static final String FILE = "card.json";
  public static final ModelCard DEFAULT = new ModelCard(50, 7.5, "object");

  /**
   * Reads the card of a model's folder, if it has one, or that a single file carries.
   *
   * @param recipes the names of the built-in recipes
   * @throws RealeraException (damaged) if it is not a card, or names another recipe
   */
  public static ModelCard of(Path model, List<String> recipes) {
    Path file = Checkpoint.filesOf(model).resolve(FILE);
    if (!Files.exists(file)) {
      return DEFAULT;
    }
    try {
      JsonNode json = Json.READER.readTree(Files.readString(file));
      ModelCard card =
          new ModelCard(
              json.path("steps").asInt(DEFAULT.steps),
              json.path("guidance").asDouble(DEFAULT.guidance),
              json.path("recipe").asText(DEFAULT.recipe));
      if (card.steps < 1 || !(card.guidance >= 0) || !recipes.contains(card.recipe)) {
        throw RealeraException.damaged(
            file + " says " + card,
            "steps is 1 or more, guidance 0 or more, recipe one of " + String.join(", ", recipes));
      }
      return card;
    } catch (JsonProcessingException e) {
      throw RealeraException.damaged(
          file + " is not JSON: " + e.getOriginalMessage(), "mend it or remove it");
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }
}
