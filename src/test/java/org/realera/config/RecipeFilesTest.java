package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.Environment;
import org.realera.files.Json;

class RecipeFilesTest {
  private static final Path FOLDER = Path.of("configs", "erase");

  @Test
  void theBuiltInRecipeIsTheObjectRecipe() {
    assertThat(RecipeReader.read(FOLDER.resolve("object.yaml"))).isEqualTo(EraseRecipe.DEFAULT);
  }

  @Test
  void theObjectRecipeHasTheValuesItAlwaysHad() {
    EraseRecipe recipe =
        new EraseRecipe(
            MethodName.REALERA,
            List.of(),
            List.of("a photo of the {}", "a photo of a {}", "a picture of a {}", "{}"),
            List.of(),
            0,
            new PriorSettings("vocabulary", List.of()),
            new RealEraSettings(
                new MiningSettings(true, 20, 0.72, 0.18, 0.98, 0.70, 0),
                new BeyondSettings(true, 200, 1.10),
                new ClosedFormSettings(
                    ClosedFormSettings.Sums.DRAWN, Params.KV, 0.1, 0.1, 0.1, 0.3, 400, 0.1, 0.1),
                new AlignmentSettings(
                    true,
                    200,
                    1,
                    1e-5,
                    0.01,
                    4,
                    4,
                    List.of("attn2.to_k", "attn2.to_v"),
                    0.3,
                    0.7,
                    4,
                    30,
                    7.5,
                    0,
                    50)),
            new ReportSettings(
                ReportSettings.Pictures.AUTO,
                2,
                25,
                7.5,
                List.of(),
                List.of("dog", "house", "tree")));
    assertThat(EraseRecipe.DEFAULT).isEqualTo(recipe);
  }

  /** What a recipe changes of the object recipe, and what it comes to. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "object|",
        "celebrity|templates: [\"a portrait of {}\",\"a photo of {}\",\"the face of {}\",\"{} in a"
            + " movie\",\"{}\"]",
        "style|templates: [\"an artwork by {}\",\"a painting by {}\",\"a picture in the style of"
            + " {}\",\"{}\"]",
        "explicit|concepts: [{\"concept\":\"nudity\",\"anchor\":\"a person wearing clothes\"},"
            + "{\"concept\":\"naked\",\"anchor\":\"a person wearing clothes\"},"
            + "{\"concept\":\"erotic\",\"anchor\":\"a person wearing clothes\"},"
            + "{\"concept\":\"sexual\",\"anchor\":\"a person wearing clothes\"}]; "
            + "templates: [\"a photo of {}\",\"a picture with {}\",\"{}\"]",
        "pocket|alignment.gamma2: 0.1; alignment.image_guidance: 3.0; alignment.learning_rate:"
            + " 1.0E-4; beyond.d2: 1.3; beyond.samples: 10; closed_form.prior_leave_out: 0.02;"
            + " closed_form.prior_prompts: 1200; closed_form.prior_weight: 30.0; mining.d1: 0.95;"
            + " mining.s2: 0.45; mining.words: 12; report.guidance: 3.0",
        "pocket-drawn|alignment.gamma2: 0.1; alignment.image_guidance: 3.0; alignment.learning_rate:"
            + " 1.0E-4; beyond.d2: 1.3; beyond.samples: 20; closed_form.prior_prompts: 1200;"
            + " closed_form.prior_weight: 3.0; mining.d1: 0.95; mining.s2: 0.5; mining.samples: 40;"
            + " report.guidance: 3.0"
      })
  void aRecipeDiffersFromTheObjectRecipeInWhatItSays(String name, @Nullable String differences) {
    EraseRecipe recipe = RecipeReader.read(FOLDER.resolve(name + ".yaml"));
    assertThat(
            Json.differences(tree(EraseRecipe.DEFAULT), tree(recipe)).stream()
                .filter(line -> !line.startsWith("prior.without:"))
                .map(line -> line.replaceFirst(": .* there, (.*) here", ": $1")))
        .containsExactlyElementsOf(
            differences == null ? List.of() : List.of(differences.split("; ")));
  }

  /** What a suite scores is not to be held by name: that would be no specificity. */
  @Test
  void thePocketRecipeHoldsNothingThatItsSuiteScores() {
    Suite suite = SuiteReader.read("configs/eval/pocket-words.yaml", new Environment(Map.of()));
    List<String> scored = new ArrayList<>(suite.scenes());
    suite
        .concepts()
        .forEach(
            concept -> {
              scored.add(concept.name());
              scored.addAll(concept.synonyms());
              scored.addAll(concept.subtypes());
            });
    assertThat(RecipeReader.read(FOLDER.resolve("pocket.yaml")).prior().without())
        .containsExactlyInAnyOrderElementsOf(scored);
  }

  private static JsonNode tree(EraseRecipe recipe) {
    return Json.tree(RecipeWriter.toTree(recipe));
  }

  @Test
  void theObjectRecipeNamesAndExplainsEveryKey() throws IOException {
    assertExplained(FOLDER.resolve("object.yaml"), RecipeWriter.toTree(EraseRecipe.DEFAULT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"celebrity", "style", "explicit", "pocket", "pocket-drawn"})
  void theOtherRecipesSayAndExplainOnlyWhatDiffers(String name) throws IOException {
    Path file = FOLDER.resolve(name + ".yaml");
    Map<String, Object> said =
        new YAMLMapper().readValue(Files.readString(file), new TypeReference<>() {});
    assertExplained(file, said);
    Map<String, Object> standard = RecipeWriter.toTree(EraseRecipe.DEFAULT);
    said.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> group) {
            Map<?, ?> defaults = (Map<?, ?>) standard.get(key);
            group.forEach(
                (inner, v) ->
                    assertThat(v).as(key + "." + inner).isNotEqualTo(defaults.get(inner)));
          } else {
            assertThat(value).as(key).isNotEqualTo(standard.get(key));
          }
        });
  }

  private static void assertExplained(Path file, Map<String, Object> tree) throws IOException {
    var lines = Files.readAllLines(file);
    tree.forEach(
        (key, value) -> {
          assertExplained(lines, key + ":", true);
          if (value instanceof Map<?, ?> section) {
            section.keySet().forEach(inner -> assertExplained(lines, "  " + inner + ":", false));
          }
        });
  }

  private static void assertExplained(List<String> lines, String key, boolean above) {
    assertThat(lines).as(key).anyMatch(line -> line.startsWith(key));
    int at = 0;
    while (!lines.get(at).startsWith(key)) {
      at++;
    }
    assertThat(above ? lines.get(at - 1) : lines.get(at)).as("comment of " + key).contains("# ");
  }

  @Test
  void theExplicitRecipeNeedsNoOptions() {
    assertThat(RecipeReader.read(FOLDER.resolve("explicit.yaml")).requireComplete().concepts())
        .hasSize(4);
  }
}
