package org.realera.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Map;

/**
 * Writes a recipe with every key, always in the same order; {@link RecipeReader} reads it back to
 * an equal recipe.
 */
public final class RecipeWriter {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  private RecipeWriter() {}

  /** The recipe as YAML, ended by a newline; for {@code --dry-run}. */
  public static String toYaml(EraseRecipe recipe) {
    try {
      return YAML.writeValueAsString(toTree(recipe));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a recipe holds only texts and numbers", e);
    }
  }

  /** The recipe as ordered maps, lists, texts, numbers and booleans; for the manifest. */
  public static Map<String, Object> toTree(EraseRecipe recipe) {
    return YamlRecords.tree(recipe);
  }
}
