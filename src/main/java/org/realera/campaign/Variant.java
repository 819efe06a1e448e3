package org.realera.campaign;

import java.util.Locale;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.eval.report.VariantLabels;

/** The method with some of its parts switched off: the variants of the paper's Table 3. */
public enum Variant {
  CLOSED_FORM(VariantLabels.CLOSED_FORM, false, false, false),
  ALIGNED(VariantLabels.ALIGNED, true, false, false),
  MINED(VariantLabels.MINED, true, true, false),
  FULL(VariantLabels.FULL, true, true, true);

  private final String label;
  private final boolean alignment;
  private final boolean mining;
  private final boolean beyond;

  Variant(String label, boolean alignment, boolean mining, boolean beyond) {
    this.label = label;
    this.alignment = alignment;
    this.mining = mining;
    this.beyond = beyond;
  }

  /** What tables call it. */
  public String label() {
    return label;
  }

  /** As folders are named: {@code closed_form}. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A recipe without the parts that this variant lacks; what the recipe has off stays off.
   *
   * @throws org.realera.RealeraException (usage) if the recipe is of another method than RealEra
   */
  public EraseRecipe of(EraseRecipe recipe) {
    recipe.require(MethodName.REALERA, "Variant \"" + label + "\"");
    if (this == FULL) {
      return recipe;
    }
    return recipe
        .with("alignment.enabled", alignment && recipe.alignment().enabled())
        .with("mining.enabled", mining && recipe.mining().enabled())
        .with("beyond.enabled", beyond && recipe.beyond().enabled());
  }
}
