package org.realera.campaign;

import org.jspecify.annotations.Nullable;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;

/**
 * One way to erase each concept of a campaign.
 *
 * @param key ends the names of its folders: {@code CONCEPT-esd-x}
 * @param label what tables call it
 * @param recipe names no concept yet
 * @param method what a comparison of methods files it under; null where it is no part of one
 */
public record Way(String key, String label, EraseRecipe recipe, @Nullable MethodName method) {

  /** A part of RealEra, or all of it. */
  static Way of(Variant variant, EraseRecipe recipe) {
    return new Way(variant.key(), variant.label(), variant.of(recipe), null);
  }

  /** The method of a recipe, to be compared with others. */
  public static Way of(EraseRecipe recipe) {
    MethodName method = recipe.method();
    return new Way(method.label(), method.title(), recipe, method);
  }
}
