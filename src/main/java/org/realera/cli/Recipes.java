package org.realera.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelCard;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;

/** The recipes of {@code configs/erase}, which also stand in the jar. */
final class Recipes {
  /** The names that {@code --config} knows. */
  static final List<String> NAMES = List.of("object", "celebrity", "style", "explicit", "pocket");

  private Recipes() {}

  /**
   * The recipe asked for, or the one that the model's card names, with the user's settings.
   *
   * @param method null: as the recipe says
   */
  static EraseRecipe of(
      @Nullable String asked, @Nullable MethodName method, Settings settings, Path model) {
    return named(asked == null ? ModelCard.of(model, NAMES).recipe() : asked, method, settings);
  }

  /**
   * Finds slips of the pen in settings before the model is looked up: where its card will choose
   * the recipe, they need fit only one of those built in.
   *
   * @return a recipe that they fit
   * @throws RealeraException (usage) if they fit none, (not found) if there is no such recipe
   */
  static EraseRecipe fitting(
      @Nullable String asked, @Nullable MethodName method, Settings settings) {
    return fitting(asked, method, settings.all());
  }

  /** The same with settings as they were written. */
  static EraseRecipe fitting(
      @Nullable String asked, @Nullable MethodName method, List<String> settings) {
    if (asked != null) {
      return named(asked, method, settings);
    }
    @Nullable RealeraException first = null;
    for (String name : NAMES) {
      try {
        return named(name, method, settings);
      } catch (RealeraException e) {
        first = first == null ? e : first;
      }
    }
    throw Objects.requireNonNull(first);
  }

  /**
   * A recipe that is built in, or a recipe file. The built-in name wins, as those of models and
   * suites do, so that nothing in the working directory changes what it means.
   */
  static EraseRecipe named(String name, @Nullable MethodName method, Settings settings) {
    return named(name, method, settings.all());
  }

  /** The same with settings as they were written. */
  static EraseRecipe named(String name, @Nullable MethodName method, List<String> settings) {
    return isBuiltIn(name)
        ? RecipeReader.builtIn(name, method, settings)
        : file(name, method, settings);
  }

  static boolean isBuiltIn(String name) {
    return NAMES.contains(name);
  }

  /** RealEra's built-in recipe as it is. */
  static EraseRecipe builtIn(String name) {
    return RecipeReader.builtIn(name, null, List.of());
  }

  /**
   * Reads a recipe file.
   *
   * @throws RealeraException (not found) which also names the recipes that are built in
   */
  private static EraseRecipe file(String path, @Nullable MethodName method, List<String> settings) {
    try {
      return RecipeReader.read(Path.of(path), method, settings);
    } catch (RealeraException e) {
      if (e.kind() != RealeraException.Kind.NOT_FOUND) {
        throw e;
      }
      throw RealeraException.notFound(
          "there is no recipe file " + path,
          "Check the path, or take one of the built-in recipes: " + String.join(", ", NAMES) + ".");
    }
  }
}
