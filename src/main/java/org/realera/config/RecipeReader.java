package org.realera.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.YamlNode.Entry;
import org.realera.config.YamlNode.Mapping;
import org.realera.config.YamlNode.Place;
import org.realera.config.YamlNode.Scalar;

/**
 * Reads a recipe from YAML. Keys that are absent have the value of the method's recipe for objects,
 * {@code configs/erase/object.yaml} for RealEra; keys that are unknown, stand twice or hold the
 * wrong kind of value are errors with file and line. Settings of the form {@code mining.d1=0.48}
 * come last.
 */
public final class RecipeReader {
  private static final String METHOD = "method";
  private static final Mapping NOTHING = new Mapping(Place.NONE, Map.of());

  /** How the errors of a recipe read. */
  static final YamlWords WORDS = words(MethodName.REALERA);

  /** The same, of a recipe of this method: it knows what is another's. */
  private static YamlWords words(MethodName method) {
    return new YamlWords() {
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

      @Override
      public @Nullable RealeraException elsewhere(String where, String path) {
        MethodName owner = owner(path);
        return owner == null || owner == method
            ? null
            : RealeraException.usage(
                where + path + " is a setting of " + owner.label() + ", not of " + method.label(),
                "Leave it out, or take --method " + owner.label() + ".");
      }
    };
  }

  /** The first method that has a key. */
  private static @Nullable MethodName owner(String path) {
    return Arrays.stream(MethodName.values())
        .filter(m -> YamlType.paths(m.settings(), null, "").anyMatch(path::equals))
        .findFirst()
        .orElse(null);
  }

  private RecipeReader() {}

  /** The method's recipe that says nothing by itself. */
  static EraseRecipe standard(MethodName method) {
    return bind(BuiltInRecipes.defaults(method), method);
  }

  /**
   * A recipe that comes along.
   *
   * @param kind {@code object}, {@code style}, ...: a file's name in {@code configs/erase}
   * @param method null: RealEra
   * @param settings {@code KEY=VALUE} each, which win
   */
  public static EraseRecipe builtIn(
      String kind, @Nullable MethodName method, List<String> settings) {
    MethodName chosen = method == null ? method(with(NOTHING, settings)) : method;
    return read(BuiltInRecipes.of(kind, chosen), chosen, settings);
  }

  /**
   * A recipe that comes along, in words: a method without settings of its own for the kind keeps
   * those for objects.
   */
  public static String describe(String kind, MethodName method) {
    return BuiltInRecipes.hasOwn(kind, method)
        ? kind
        : "%s (settings of %s: %s)".formatted(kind, method.label(), BuiltInRecipes.STANDARD);
  }

  /**
   * Reads a recipe file.
   *
   * @param method null: as the file says, RealEra if it says nothing
   * @param settings {@code KEY=VALUE} each, which win over the file
   * @throws RealeraException (not found) if there is no such file; (damaged) if it is no text;
   *     (usage) if it is empty or not a recipe, or a setting is none
   */
  public static EraseRecipe read(Path file, @Nullable MethodName method, List<String> settings) {
    if (Files.isDirectory(file)) {
      throw RealeraException.usage(file + " is a folder, not a recipe", "Give a recipe in YAML.");
    }
    try {
      String yaml = YamlParser.read(file, "Give a recipe in YAML.", WORDS);
      return parse(file.toString(), yaml, method, settings);
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
    return read(file, null, List.of());
  }

  /**
   * Reads a recipe from a text.
   *
   * @param name what to call the text in errors
   * @param method null: as the text says, RealEra if it says nothing
   * @param settings {@code KEY=VALUE} each, e.g. {@code mining.d1=0.48}; they win over the text,
   *     the later over the earlier. An error calls them {@code --set}
   * @throws RealeraException (usage) if it is not a recipe, or a setting is none
   */
  public static EraseRecipe parse(
      String name, String yaml, @Nullable MethodName method, List<String> settings) {
    Mapping said = YamlRecords.group(YamlParser.file(name, yaml, WORDS), WORDS);
    return read(said, method == null ? method(with(said, settings)) : method, settings);
  }

  private static EraseRecipe read(Mapping said, MethodName method, List<String> settings) {
    return bind(with(BuiltInRecipes.defaults(method).merged(said), settings), method);
  }

  private static EraseRecipe bind(Mapping tree, MethodName method) {
    Mapping whole = tree.with(List.of(METHOD), YamlNode.of(method.label()));
    return YamlRecords.bind(whole, EraseRecipe.class, method.settings(), words(method));
  }

  /** The method that a recipe names; RealEra if it names none. */
  private static MethodName method(Mapping recipe) {
    Entry entry = recipe.entries().get(METHOD);
    if (entry == null) {
      return MethodName.REALERA;
    }
    String label = entry.value() instanceof Scalar scalar ? scalar.text() : null;
    try {
      return MethodName.of(label == null ? "" : label);
    } catch (RealeraException e) {
      throw RealeraException.usage(entry.place().says("") + e.getMessage(), e.remedy());
    }
  }

  /** Reads a recipe from a text as it is. */
  public static EraseRecipe parse(String name, String yaml) {
    return parse(name, yaml, null, List.of());
  }

  private static Mapping with(Mapping tree, List<String> settings) {
    Mapping changed = tree;
    for (String setting : settings) {
      changed = with(changed, setting);
    }
    return changed;
  }

  private static Mapping with(Mapping tree, String setting) {
    Setting one = Setting.of(setting, "mining.d1=0.48");
    return tree.with(one.path(), YamlParser.option(one.option(), one.value(), WORDS));
  }

  /** A recipe with some values changed, all at once. */
  static EraseRecipe with(EraseRecipe recipe, Map<String, ?> values) {
    Mapping tree = (Mapping) YamlNode.of(YamlRecords.plain(recipe));
    for (var entry : values.entrySet()) {
      YamlNode value = YamlNode.of(YamlRecords.plain(entry.getValue()));
      tree = tree.with(Arrays.asList(entry.getKey().split("\\.")), value);
    }
    return bind(tree, recipe.method());
  }
}
