package org.realera.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.YamlNode.Mapping;
import org.realera.files.TextFile;

/**
 * Reads a recipe from YAML. Keys that are absent have the value of {@code
 * configs/erase/object.yaml}; keys that are unknown, stand twice or hold the wrong kind of value
 * are errors with file and line. Settings of the form {@code mining.d1=0.48} come last.
 */
public final class RecipeReader {
  /** How the errors of a recipe read. */
  static final YamlWords WORDS =
      new YamlWords() {
        @Override
        public String whole() {
          return "the recipe";
        }

        @Override
        public String remedy() {
          return "See configs/erase/object.yaml for an example of every key.";
        }

        @Override
        public String notYaml(String reason) {
          return reason.replace("Duplicate field", "duplicate key");
        }
      };

  private static final Mapping DEFAULTS = defaults();

  private RecipeReader() {}

  private static Mapping defaults() {
    String resource = "/org/realera/configs/erase/object.yaml";
    try (InputStream in = RecipeReader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + resource);
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return YamlRecords.group(YamlParser.file("", yaml, WORDS), WORDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The recipe that says nothing by itself. */
  static EraseRecipe standard() {
    return YamlRecords.bind(DEFAULTS, EraseRecipe.class, WORDS);
  }

  /**
   * Reads a recipe file.
   *
   * @param settings {@code KEY=VALUE} each, which win over the file
   * @throws RealeraException (not found) if there is no such file; (damaged) if it is no text;
   *     (usage) if it is not a recipe, or a setting is none
   */
  public static EraseRecipe read(Path file, List<String> settings) {
    if (Files.isDirectory(file)) {
      throw RealeraException.usage(file + " is a folder, not a recipe", "Give a recipe in YAML.");
    }
    try {
      return parse(file.toString(), TextFile.readNamed(file, "Give a recipe in YAML."), settings);
    } catch (NoSuchFileException e) {
      throw new RealeraException(
          Kind.NOT_FOUND,
          "no recipe at " + file,
          "See configs/erase/ for those that come along.",
          e);
    } catch (IOException e) {
      throw new RealeraException(
          Kind.FAILED, "could not read " + file + ": " + e, "Check the file and its rights.", e);
    }
  }

  /** Reads a recipe file as it is. */
  public static EraseRecipe read(Path file) {
    return read(file, List.of());
  }

  /**
   * Reads a recipe from a text.
   *
   * @param name what to call the text in errors
   * @param settings {@code KEY=VALUE} each, e.g. {@code mining.d1=0.48}; they win over the text,
   *     the later over the earlier. An error calls them {@code --set}
   * @throws RealeraException (usage) if it is not a recipe, or a setting is none
   */
  public static EraseRecipe parse(String name, String yaml, List<String> settings) {
    Mapping tree = DEFAULTS.merged(YamlRecords.group(YamlParser.file(name, yaml, WORDS), WORDS));
    for (String setting : settings) {
      tree = with(tree, setting);
    }
    return YamlRecords.bind(tree, EraseRecipe.class, WORDS);
  }

  /** Reads a recipe from a text as it is. */
  public static EraseRecipe parse(String name, String yaml) {
    return parse(name, yaml, List.of());
  }

  private static Mapping with(Mapping tree, String setting) {
    String option = "--set " + setting;
    int equals = setting.indexOf('=');
    if (equals < 1) {
      throw RealeraException.usage(
          option + ": this is not KEY=VALUE", "Write it so, e.g. --set mining.d1=0.48");
    }
    List<String> path = Arrays.asList(setting.substring(0, equals).strip().split("\\.", -1));
    return tree.with(path, YamlParser.option(option, setting.substring(equals + 1), WORDS));
  }

  /** A recipe with some values changed, all at once. */
  static EraseRecipe with(EraseRecipe recipe, Map<String, ?> values) {
    Mapping tree = (Mapping) YamlNode.of(YamlRecords.plain(recipe));
    for (var entry : values.entrySet()) {
      YamlNode value = YamlNode.of(YamlRecords.plain(entry.getValue()));
      tree = tree.with(Arrays.asList(entry.getKey().split("\\.")), value);
    }
    return YamlRecords.bind(tree, EraseRecipe.class, WORDS);
  }
}
