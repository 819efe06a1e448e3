package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;

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

  @Test
  void anotherMethodHasNoPartsToLeaveOut() {
    EraseRecipe uce = RecipeReader.builtIn("object", MethodName.UCE, List.of());
    for (Variant variant : Variant.values()) {
      assertThatThrownBy(() -> variant.of(uce))
          .isInstanceOf(RealeraException.class)
          .hasMessageContaining("is of realera, and the recipe's method is uce");
    }
  }

  private static String parts(EraseRecipe recipe) {
    return (recipe.alignment().enabled() ? "alignment " : "")
        + (recipe.mining().enabled() ? "mining " : "")
        + (recipe.beyond().enabled() ? "beyond " : "");
  }
}
