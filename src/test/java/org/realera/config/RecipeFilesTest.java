package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeFilesTest {
  private static final Path FOLDER = Path.of("configs", "erase");

  @Test
  void theBuiltInRecipeIsTheObjectRecipe() {
    assertThat(RecipeReader.read(FOLDER.resolve("object.yaml"))).isEqualTo(EraseRecipe.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"object", "celebrity", "style", "explicit", "pocket"})
  void aRecipeFileNamesAndExplainsEveryKey(String name) throws IOException {
    Path file = FOLDER.resolve(name + ".yaml");
    var lines = Files.readAllLines(file);
    RecipeWriter.toTree(RecipeReader.read(file))
        .forEach(
            (key, value) -> {
              assertExplained(lines, key + ":", true);
              if (value instanceof Map<?, ?> section) {
                section
                    .keySet()
                    .forEach(inner -> assertExplained(lines, "  " + inner + ":", false));
              }
            });
  }

  private static void assertExplained(java.util.List<String> lines, String key, boolean above) {
    assertThat(lines).as(key).anyMatch(line -> line.startsWith(key));
    int at = 0;
    while (!lines.get(at).startsWith(key)) {
      at++;
    }
    assertThat(above ? lines.get(at - 1) : lines.get(at)).as("comment of " + key).contains("# ");
  }

  @Test
  void theExplicitRecipeNeedsNoOptions() {
    assertThat(RecipeReader.read(FOLDER.resolve("explicit.yaml")).requireConcepts().concepts())
        .hasSize(4);
  }
}
