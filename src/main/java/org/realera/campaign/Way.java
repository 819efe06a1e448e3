package org.realera.campaign;

import org.realera.config.EraseRecipe;

/**
 * One way to keep each concept of a campaign out of images.
 *
 * @param key ends the names of its folders, {@code CONCEPT-esd-x}; a comparison files it under it
 * @param label what tables call it
 * @param compared whether it is part of a comparison of methods
 */
public record Way(String key, String label, Means means, boolean compared) {

  /** By new weights, or by guidance alone. */
  public sealed interface Means {}

  /**
   * The model is changed.
   *
   * @param recipe names no concept yet
   */
  public record Erase(EraseRecipe recipe) implements Means {}

  /**
   * The model stays; Safe Latent Diffusion guides away from the concept.
   *
   * @param strength one of the published ones
   */
  public record Guide(String strength) implements Means {}

  /** A part of RealEra, or all of it. */
  public static Way of(Variant variant, EraseRecipe recipe) {
    return new Way(variant.key(), variant.label(), new Erase(variant.of(recipe)), false);
  }

  /** The method of a recipe, to be compared with others. */
  public static Way of(EraseRecipe recipe) {
    return new Way(recipe.method().label(), recipe.method().title(), new Erase(recipe), true);
  }

  /**
   * Safe Latent Diffusion, to be compared with methods.
   *
   * @param key {@code sld-medium}
   */
  public static Way guiding(String key, String strength) {
    return new Way(key, "SLD-" + strength, new Guide(strength), true);
  }
}
