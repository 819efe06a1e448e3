package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.realera.config.EraseRecipe;

class VariantTest {
  private static final EraseRecipe RECIPE = EraseRecipe.DEFAULT;

  @Test
  void eachVariantAddsOnePartToTheOneBefore() {
    assertThat(parts(Variant.CLOSED_FORM.of(RECIPE))).isEqualTo("");
    assertThat(parts(Variant.ALIGNED.of(RECIPE))).isEqualTo("alignment ");
    assertThat(parts(Variant.MINED.of(RECIPE))).isEqualTo("alignment mining ");
    assertThat(Variant.FULL.of(RECIPE)).isEqualTo(RECIPE);
  }

  @Test
  void whatTheRecipeHasOffStaysOff() {
    EraseRecipe fast = RECIPE.with("alignment.enabled", false);
    assertThat(parts(Variant.FULL.of(fast))).isEqualTo("mining beyond ");
    assertThat(parts(Variant.MINED.of(fast))).isEqualTo("mining ");
  }

  private static String parts(EraseRecipe recipe) {
    return (recipe.alignment().enabled() ? "alignment " : "")
        + (recipe.mining().enabled() ? "mining " : "")
        + (recipe.beyond().enabled() ? "beyond " : "");
  }
}
