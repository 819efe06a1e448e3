package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.campaign.Way;
import org.realera.checkpoint.ModelCard;
import org.realera.config.EditDistance;
import org.realera.config.MethodName;
import org.realera.diffusion.SldSettings;

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

  /** All names that there are. */
  static List<String> all() {
    return Stream.concat(
            MethodName.labels().stream(), SldSettings.PUBLISHED.stream().map(SldSettings::method))
        .toList();
  }

  /**
   * Finds slips of the pen before the model is looked up.
   *
   * @throws RealeraException (usage) for a method that there is not, or twice; a recipe that is of
   *     one method; a setting that a method has not, or of a method that is not among them
   */
  void check() {
    if (kind != null && !Recipes.isBuiltIn(kind)) {
      throw RealeraException.usage(
          "--recipe " + kind + " is of one method, and --methods compares some",
          "Name a kind of recipe: " + String.join(", ", Recipes.NAMES) + ".");
    }
    List<String> chosen = chosen(kind == null || kind.equals(SMALL));
    requireNamed(chosen);
    Settings.requireNone("method", "--methods names the methods", settings);
    for (String name : chosen) {
      if (guidance(name).isEmpty()) {
        MethodName method = MethodName.of(name);
        Recipes.fitting(kind, method, of(method));
      }
    }
  }

  /** Whether a method is among them, whatever the model is. */
  boolean has(MethodName method) {
    return chosen(false).contains(method.label());
  }

  private void requireNamed(List<String> chosen) {
    for (String setting : settings) {
      Matcher one = OF_ONE.matcher(setting);
      if (one.matches() && !chosen.contains(MethodName.of(one.group(1)).label())) {
        throw RealeraException.usage(
            "--set "
                + setting
                + " is for a method that "
                + (names.contains(ALL) ? "all leaves out here" : "--methods does not name"),
            "Add it to --methods, or leave the setting out.");
      }
    }
  }

  /**
   * The ways to erase from a model.
   *
   * @throws RealeraException (usage) for a setting of a method that {@code all} leaves out here
   */
  List<Way> ways(Path model) {
    String recipes = kind == null ? ModelCard.of(model, Recipes.NAMES).recipe() : kind;
    List<String> chosen = chosen(recipes.equals(SMALL));
    requireNamed(chosen);
    List<Way> ways = new ArrayList<>();
    for (String name : chosen) {
      ways.add(
          guidance(name)
              .map(sld -> Way.guiding(name, sld.name()))
              .orElseGet(() -> erasing(MethodName.of(name), recipes)));
    }
    return List.copyOf(ways);
  }

  private Way erasing(MethodName method, String recipes) {
    return Way.of(Recipes.named(recipes, method, of(method)).requireEffective());
  }

  private static Optional<SldSettings> guidance(String name) {
    return SldSettings.PUBLISHED.stream().filter(sld -> sld.method().equals(name)).findFirst();
  }

  private List<String> chosen(boolean small) {
    Set<String> chosen = new LinkedHashSet<>();
    for (String name : names) {
      for (String one : name.equals(ALL) ? others(small) : List.of(known(name))) {
        if (!chosen.add(one)) {
          throw RealeraException.usage("--methods has " + one + " twice", "Name each method once.");
        }
      }
    }
    return List.copyOf(chosen);
  }

  /** All that are not named beside {@code all}. */
  private List<String> others(boolean small) {
    return all().stream()
        .filter(name -> !names.contains(name))
        .filter(name -> small || !COSTLY.contains(name))
        .toList();
  }

  private static String known(String name) {
    if (!all().contains(name)) {
      String nearest = EditDistance.nearest(name, all());
      throw RealeraException.usage(
          "there is no method \"" + name + "\"",
          (nearest == null ? "" : "Did you mean " + nearest + "? ")
              + "The methods are "
              + String.join(", ", all())
              + ", or all.");
    }
    return name;
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
