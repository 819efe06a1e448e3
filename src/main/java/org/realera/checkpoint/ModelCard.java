package org.realera.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.RealeraException;
import org.realera.config.Limits;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.TextFile;

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
  private static final String REMEDY = "Mend it or remove it.";
  private static final int MOST_GUIDANCE = 100;
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
      JsonNode json = Json.STRICT.readTree(TextFile.read(file, REMEDY));
      if (!json.isObject()) {
        throw RealeraException.damaged(file + " is no JSON object", REMEDY);
      }
      ModelCard card =
          new ModelCard(
              number(file, json, "steps", DEFAULT.steps).intValue(),
              number(file, json, "guidance", DEFAULT.guidance).doubleValue(),
              json.path("recipe").asText(DEFAULT.recipe));
      if (card.steps < 1
          || card.steps > Limits.STEPS
          || !(card.guidance >= 0 && card.guidance <= MOST_GUIDANCE)
          || !recipes.contains(card.recipe)) {
        throw RealeraException.damaged(
            file + " says " + card,
            "Steps is 1 to %s, guidance 0 to %s, recipe one of %s."
                .formatted(Limits.STEPS, MOST_GUIDANCE, String.join(", ", recipes)));
      }
      return card;
    } catch (JsonProcessingException e) {
      throw RealeraException.damaged(file + " is not JSON: " + Json.reason(e), REMEDY);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static Number number(Path file, JsonNode json, String key, Number fallback) {
    JsonNode value = json.path(key);
    if (value.isMissingNode()) {
      return fallback;
    }
    // A fraction of a step, or more of them than an int holds, is none.
    boolean fits = fallback instanceof Integer ? value.canConvertToExactIntegral() : true;
    if (!value.isNumber() || !fits || (fallback instanceof Integer && !value.canConvertToInt())) {
      throw RealeraException.damaged(file + ": " + key + " is " + value, REMEDY);
    }
    return value.numberValue();
  }
}
