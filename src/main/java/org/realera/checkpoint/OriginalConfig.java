package org.realera.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.files.IoErrors;
import org.realera.files.TextFile;
import org.realera.files.YamlFault;

/**
 * The configuration of the original code that lies beside a single file under its name, as A1111
 * looks for it: {@code model.yaml} for {@code model.safetensors}.
 */
final class OriginalConfig {
  private static final String REMEDY = "Mend it, or take it away: it says what the model predicts.";

  /** What every published model has, and this program takes for granted where it reads no more. */
  private static final SortedMap<String, String> IGNORED =
      new TreeMap<>(
          Map.of(
              "beta_schedule",
              "linear",
              "linear_start",
              "0.00085",
              "linear_end",
              "0.0120",
              "timesteps",
              "1000",
              "scale_factor",
              "0.18215"));

  private OriginalConfig() {}

  /**
   * What the U-Net predicts.
   *
   * @param model the single file
   * @return empty if there is no such file, or it configures no model
   * @throws RealeraException (damaged) if it is no YAML, or has what {@link YamlFault} finds; names
   *     something else than v and eps; or has another noise schedule or scale of latents than
   *     Stable Diffusion
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
    JsonNode model = tree(file).path("model");
    if (model.isMissingNode()) {
      return Optional.empty();
    }
    requireGroup(file, "model", model);
    JsonNode params = model.path("params");
    if (params.isMissingNode()) {
      return Optional.empty();
    }
    requireGroup(file, "model.params", params);
    IGNORED.forEach((key, standard) -> requireStandard(file, key, params.path(key), standard));
    JsonNode kind = params.path("parameterization");
    if (kind.isMissingNode()) {
      return Optional.of(Prediction.EPSILON); // the original code's default
    }
    return Optional.of(
        switch (kind.asText()) {
          case "eps" -> Prediction.EPSILON;
          case "v" -> Prediction.V;
          default -> throw unexpected(file, "model.params.parameterization", kind, "eps or v");
        });
  }

  private static JsonNode tree(Path file) {
    try {
      String text = TextFile.read(file, REMEDY);
      YamlFault.find(text)
          .ifPresent(
              fault -> {
                throw RealeraException.damaged(
                    file + ", line " + fault.line() + ": " + fault.what(),
                    fault.remedy().isEmpty() ? REMEDY : fault.remedy());
              });
      return new YAMLMapper().readTree(text);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static void requireGroup(Path file, String key, JsonNode value) {
    if (!value.isObject()) {
      throw unexpected(file, key, value, "a group of keys");
    }
  }

  private static void requireStandard(Path file, String key, JsonNode value, String standard) {
    if (!value.isMissingNode() && !isSame(value.asText(), standard)) {
      throw RealeraException.damaged(
          "%s: model.params.%s is %.80s, which is not supported (expected %s)"
              .formatted(file, key, value, standard),
          "Give the model as a diffusers folder, whose own configurations say such things.");
    }
  }

  private static boolean isSame(String value, String standard) {
    try {
      return new BigDecimal(value.strip()).compareTo(new BigDecimal(standard)) == 0;
    } catch (NumberFormatException e) {
      return value.equals(standard);
    }
  }

  private static RealeraException unexpected(
      Path file, String key, JsonNode value, String expected) {
    return RealeraException.damaged(
        "%s: %s is %.80s, expected %s".formatted(file, key, value, expected), REMEDY);
  }
}
