package org.realera.method;

import java.util.List;
import java.util.Locale;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;

/** Words of the plans, and which prompts a training sees. */
final class Prompts {
  private Prompts() {}

  /** The recipe, with the concept's words alone for templates if that is asked for. */
  static EraseRecipe bare(EraseRecipe recipe, boolean bare) {
    return bare ? recipe.with("templates", List.of(EraseRecipe.SLOT)) : recipe;
  }

  /** How many different anchors there are, each of which has pictures of its own. */
  static long anchors(EraseRecipe recipe) {
    return recipe.concepts().stream().map(ConceptPair::anchor).distinct().count();
  }

  static String count(long n, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", n, noun, n == 1 ? "" : "s");
  }

  /**
   * What a training costs, in words.
   *
   * @param forward passes through the U-Net without gradients, one latent each
   * @param backward passes with gradients
   */
  static String cost(long forward, long backward) {
    return String.format(
        Locale.ROOT,
        "its cost: about %,d passes of a latent through the U-Net, and %,d with gradients",
        forward,
        backward);
  }
}
