package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.campaign.Way;
import org.realera.checkpoint.ModelCard;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;

/**
 * The methods that a campaign compares, with the recipes they erase by.
 *
 * @param names as they were written; {@code all} among them for every one
 * @param kind the kind of the recipes, {@code object} or such; null for the model's
 * @param settings {@code KEY=VALUE} for every method, {@code METHOD:KEY=VALUE} for one
 */
record MethodChoice(List<String> names, @Nullable String kind, List<String> settings) {
  private static final String ALL = "all";

  /** Of {@code all} only on a model so small that its recipes are those of the pocket model. */
  private static final Set<String> COSTLY = Set.of("sa");

  private static final String SMALL = "pocket";
  private static final Pattern OF_ONE = Pattern.compile("([\\w-]+):(.*)");

  /**
   * Finds slips of the pen before the model is looked up.
   *
   * @throws RealeraException (usage) for a method that there is not, or twice; a recipe that is of
   *     one method; a setting that a method has not
   */
  void check() {
    if (kind != null && !Recipes.isBuiltIn(kind)) {
      throw RealeraException.usage(
          "--recipe " + kind + " is of one method, and --methods compares some",
          "Name a kind of recipe: " + String.join(", ", Recipes.NAMES) + ".");
    }
    List<MethodName> methods = methods(true);
    for (MethodName method : methods) {
      Recipes.fitting(kind, method, of(method));
    }
    for (String setting : settings) {
      Matcher one = OF_ONE.matcher(setting);
      if (one.matches() && !methods.contains(MethodName.of(one.group(1)))) {
        throw RealeraException.usage(
            "--set " + setting + " is for a method that --methods does not name",
            "Add it to --methods, or leave the setting out.");
      }
    }
  }

  /** The ways to erase from a model. */
  List<Way> ways(Path model) {
    String recipes = kind == null ? ModelCard.of(model, Recipes.NAMES).recipe() : kind;
    List<Way> ways = new ArrayList<>();
    for (MethodName method : methods(recipes.equals(SMALL))) {
      EraseRecipe recipe = Recipes.named(recipes, method, of(method));
      ways.add(Way.of(recipe));
    }
    return List.copyOf(ways);
  }

  private List<MethodName> methods(boolean small) {
    Set<MethodName> chosen = new LinkedHashSet<>();
    for (String name : names) {
      for (MethodName method : name.equals(ALL) ? all(small) : List.of(MethodName.of(name))) {
        if (!chosen.add(method)) {
          throw RealeraException.usage(
              "--methods has " + method.label() + " twice", "Name each method once.");
        }
      }
    }
    return List.copyOf(chosen);
  }

  private List<MethodName> all(boolean small) {
    return List.of(MethodName.values()).stream()
        .filter(method -> !names.contains(method.label()))
        .filter(method -> small || !COSTLY.contains(method.label()))
        .toList();
  }

  /** The settings that are for a method. */
  private List<String> of(MethodName method) {
    List<String> own = new ArrayList<>();
    for (String setting : settings) {
      Matcher one = OF_ONE.matcher(setting);
      if (!one.matches()) {
        own.add(setting);
      } else if (MethodName.of(one.group(1)) == method) {
        own.add(one.group(2));
      }
    }
    return own;
  }
}
