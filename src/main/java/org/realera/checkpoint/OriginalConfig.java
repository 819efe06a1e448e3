package org.realera.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.files.IoErrors;
import org.realera.files.TextFile;

/**
 * The configuration of the original code that lies beside a single file under its name, as A1111
 * looks for it: {@code model.yaml} for {@code model.safetensors}.
 */
final class OriginalConfig {
  private static final String REMEDY = "Mend it, or take it away: it says what the model predicts.";

  private OriginalConfig() {}

  /**
   * What the U-Net predicts.
   *
   * @param model the single file
   * @return empty if there is no such file, or it configures no model
   * @throws RealeraException (damaged) if it is no YAML, or names something else than v and eps
   */
  static Optional<Prediction> prediction(Path model) {
    String name = String.valueOf(model.getFileName()).replaceFirst("\\.[^.]*$", "");
    for (String ending : List.of(".yaml", ".yml")) {
      Path file = model.resolveSibling(name + ending);
      if (Files.isRegularFile(file)) {
        return read(file);
      }
    }
    return Optional.empty();
  }

  private static Optional<Prediction> read(Path file) {
    JsonNode params;
    try {
      params = new YAMLMapper().readTree(TextFile.read(file, REMEDY)).at("/model/params");
    } catch (JsonProcessingException e) {
      throw RealeraException.damaged(file + " is no YAML", REMEDY);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
    if (params.isMissingNode()) {
      return Optional.empty();
    }
    String kind = params.path("parameterization").asText("eps"); // the original code's default
    return Optional.of(
        switch (kind) {
          case "eps" -> Prediction.EPSILON;
          case "v" -> Prediction.V;
          default ->
              throw RealeraException.damaged(
                  file + ": parameterization is '" + kind + "', expected eps or v", REMEDY);
        });
  }
}
